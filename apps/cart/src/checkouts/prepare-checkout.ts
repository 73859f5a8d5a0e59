import type { ActiveCart } from "@cartwright/cart-domain/cart";
import type { StartCheckout as StartCheckoutCommand } from "@cartwright/cart-domain/start-checkout";
import type { CouponUse, SealedContact } from "@cartwright/contracts/checkout-shapes";
import { instantOf } from "@cartwright/contracts/instant";
import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { Contact, DeviceId, ShipTo } from "@cartwright/contracts/personal-data";
import { QuoteHash, ShippingMethodId } from "@cartwright/contracts/pricing-shapes";
import type { Refusal } from "@cartwright/contracts/refusals";
import type { Sealed } from "@cartwright/contracts/sealed";
import * as z from "zod";
import type { Access } from "../carts/access.ts";
import type { Answer } from "../carts/answer.ts";
import type { Caller } from "../carts/caller.ts";
import { commandInput, type InputOf } from "../carts/command-input.ts";
import type { Customers } from "../customers/customers.ts";
import { emailOf } from "../quotes/judged-coupons.ts";
import { agreedTotal, agreementOf, changesSince } from "../quotes/quote-hash.ts";
import { type QuoteDeps, type Quoted, quoteOfCart, type StockNeed } from "../quotes/quote-of-cart.ts";
import { whatIsShort } from "./claim-refusal.ts";
import { type Seal, sealContact, sealShipTo } from "./sealing.ts";

export const StartCheckout = z.strictObject({
  ...commandInput,
  /** What the shopper agreed to: see `cart.quote`. */
  quoteHash: QuoteHash,
  /** How they are reached, where the cart does not say it yet, or says something else. */
  contact: Contact.optional(),
  /** Where it goes: needed by a shop that taxes by country or ships what it sells. */
  shipTo: ShipTo.optional(),
  /** Needed by a shop that ships what it sells. */
  shippingMethodId: ShippingMethodId.optional(),
  /** Only what costs nothing needs none. */
  paymentToken: PaymentToken.optional(),
  deviceId: DeviceId.optional(),
  /** Where the shopper is, kept only of a trusted back end that pays for one; of everybody else the service sees it itself. */
  clientAddress: z.union([z.ipv4(), z.ipv6()]).optional(),
});
export type StartCheckout = z.output<typeof StartCheckout>;
export type StartCheckoutInput = InputOf<typeof StartCheckout>;

export type PrepareCheckoutDeps = QuoteDeps & {
  readonly customers: Customers;
  readonly seal: Seal;
  readonly now: () => Date;
};

export type Starting = { readonly caller: Caller; readonly access: Access; readonly input: StartCheckoutInput };

/** What the domain is told beside what was said, with the products that each stock is of. */
export type Prepared = Pick<StartCheckoutCommand, "quote" | "couponUses" | "contact" | "shipTo" | "clientAddress" | "deviceId"> & {
  readonly stock: readonly StockNeed[];
};

/**
 * What the shopper would pay for this cart, if they agreed to it, and what is known of them, sealed. Nothing is kept of who is refused for
 * what is known already.
 */
export const prepareCheckout = async (deps: PrepareCheckoutDeps, starting: Starting, cart: ActiveCart): Promise<Answer<Prepared>> => {
  const quoted = await quoteFor(deps, starting, cart);
  if (!quoted.ok) return quoted;
  const { quote, stock, uses } = quoted.value;
  const { total } = quote.totals;
  if (total.amountMinor > 0 && starting.input.paymentToken === undefined)
    return { ok: false, refusal: { code: "PaymentTokenMissing", total } };
  const short = await whatIsShort(deps.log, stock);
  if (short) return { ok: false, refusal: short };
  const about = await sealed(deps, starting, cart);
  return {
    ok: true,
    value: { quote, stock, ...about, couponUses: await usesByCustomer(deps, { starting, cart, uses, contact: about.contact }) },
  };
};

type Using = {
  readonly starting: Starting;
  readonly cart: ActiveCart;
  readonly uses: Quoted["uses"];
  readonly contact: SealedContact | null;
};

/** Who uses a coupon of so many uses a customer is counted as the owner of the cart and by their e-mail, whoever they are as a guest. */
const usesByCustomer = async (deps: PrepareCheckoutDeps, { starting, cart, uses, contact }: Using): Promise<readonly CouponUse[]> => {
  const { owner } = cart;
  const isPerCustomer = uses.some(({ maxUsesPerCustomer }) => maxUsesPerCustomer !== null);
  const sealedEmail = (contact ?? cart.contact)?.email;
  const email = isPerCustomer ? (starting.input.contact?.email ?? (await emailOf(deps.unseal, cart))) : null;
  const customer = email !== null && sealedEmail ? await deps.customers.of(email, sealedEmail) : null;
  const names = customer === null ? [owner] : [owner, customer];
  return uses.map((use) => ({ ...use, customers: use.maxUsesPerCustomer === null ? [owner] : names }));
};

const quoteFor = async (deps: PrepareCheckoutDeps, { access, input }: Starting, cart: ActiveCart): Promise<Answer<Quoted>> => {
  const { cartId, contact, shipTo, shippingMethodId = null } = input;
  if (cart.lines.count === 0) return { ok: false, refusal: { code: "CartEmpty", cartId } };
  if (!contact && (await emailOf(deps.unseal, cart)) === null) return { ok: false, refusal: { code: "ContactMissing", cartId } };
  const missing = access.mayPrice ? null : await whatIsMissing(deps, input);
  if (missing) return { ok: false, refusal: missing };
  const asked = { cart, country: shipTo?.country ?? null, shippingMethodId, atListPrices: !access.mayPrice, now: instantOf(deps.now()) };
  const quoted = await quoteOfCart(deps, { ...asked, email: contact?.email });
  if (!quoted.ok) return quoted;
  const refusal = whyNotAgreed(input.quoteHash, quoted.value);
  return refusal ? { ok: false, refusal } : quoted;
};

const sealed = async (
  { seal }: PrepareCheckoutDeps,
  starting: Starting,
  { owner }: ActiveCart,
): Promise<Pick<Prepared, "contact" | "shipTo" | "clientAddress" | "deviceId">> => {
  const { contact, shipTo, deviceId } = starting.input;
  const clientAddress = addressOfShopper(starting, owner);
  const fields = { ...(clientAddress !== undefined && { clientAddress }), ...(deviceId !== undefined && { deviceId }) };
  const client: Partial<Record<"clientAddress" | "deviceId", Sealed>> = await seal(owner, fields);
  return {
    contact: contact ? await sealContact(seal, owner, contact) : null,
    shipTo: shipTo ? await sealShipTo(seal, owner, shipTo) : null,
    clientAddress: client.clientAddress ?? null,
    deviceId: client.deviceId ?? null,
  };
};

/** Where support or a back end sits says nothing of the shopper that they pay for. */
const addressOfShopper = ({ caller, access, input }: Starting, owner: ActiveCart["owner"]): string | undefined => {
  if (access.mayPrice) return input.clientAddress;
  return owner === caller.subject ? caller.clientAddress : undefined;
};

/** Nobody is spared shipping or tax by not saying where it goes; a back end that sets prices has settled that elsewhere. */
const whatIsMissing = async (
  { shop }: PrepareCheckoutDeps,
  { cartId, shipTo, shippingMethodId }: StartCheckoutInput,
): Promise<Refusal | null> => {
  if (!shippingMethodId && (await shop.ships())) return { code: "ShippingMethodMissing", cartId };
  if (!shipTo && (shippingMethodId || (await shop.taxRates()).length > 0)) return { code: "ShipToMissing", cartId };
  return null;
};

/** What costs more than was agreed to, or is something else, is not paid without being asked; what costs less is passed on. */
const whyNotAgreed = (agreed: QuoteHash, { quote, hash, notices, dropped }: Quoted): Refusal | null => {
  const retired = notices.find(({ code }) => code === "ProductRetired");
  if (retired?.code === "ProductRetired") return retired;
  // A quote takes it off, and what is agreed to then is without it.
  const [lost] = dropped;
  if (lost) return { code: "CouponNotApplicable", coupon: lost.code, problem: lost.problem };
  const agreement = agreementOf(agreed, hash);
  if (agreement === "same" || agreement === "cheaper") return null;
  const { total } = quote.totals;
  return { code: "QuoteChanged", agreed: agreedTotal(agreed, quote), total, quoteHash: hash, ...changesSince(agreed, hash) };
};
