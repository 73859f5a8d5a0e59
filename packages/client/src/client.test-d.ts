// Checked by the compiler alone: what must not compile says so, and what must be of a type is.
import type { CartEvent } from "@cartwright/contracts/cart-events";
import type { CartStatus } from "@cartwright/contracts/cart-shapes";
import type { CartId, ProductId } from "@cartwright/contracts/ids";
import type { LiveCartMessage } from "@cartwright/contracts/live-cart";
import type { Money } from "@cartwright/contracts/money";
import type { RefusalCode, RefusalOf } from "@cartwright/contracts/refusals";
import type { CartwrightClient } from "./create-cartwright-client.ts";
import { countryOf, couponCodeOf, paymentTokenOf, shippingMethodIdOf } from "./ids.ts";
import { isRefusal } from "./is-refusal.ts";
import type { LiveCart } from "./live-cart.ts";
import type { LiveCartState, LiveStatus, Settled, Told } from "./live-cart-state.ts";

type Same<Left, Right> = (<It>() => It extends Left ? 1 : 2) extends <It>() => It extends Right ? 1 : 2 ? true : false;
const holds = <_Statement extends true>() => undefined;

declare const client: CartwrightClient;
declare const live: LiveCart;
declare const cartId: CartId;
declare const productId: ProductId;
declare const error: unknown;

// What goes in.
export const calls = () => [
  client.cart.addItem.mutate({ cartId, productId, quantity: 1 }),
  // @ts-expect-error: any text is not the id of a product
  client.cart.addItem.mutate({ cartId, productId: "prod-456", quantity: 1 }),
  // @ts-expect-error: the id of a cart is not that of a product
  client.cart.addItem.mutate({ cartId, productId: cartId, quantity: 1 }),
  // @ts-expect-error: the quantity is missing
  client.cart.addItem.mutate({ cartId, productId }),
  // @ts-expect-error: there is no such field
  client.cart.addItem.mutate({ cartId, productId, quantity: 1, colour: "red" }),
  // @ts-expect-error: a price is a whole number of minor units
  client.cart.addItem.mutate({ cartId, productId, quantity: 1, price: "12.50" }),
  // @ts-expect-error: there is no such currency
  client.cart.open.mutate({ cartId, currency: "EURO" }),
  // @ts-expect-error: a question is not a command
  client.cart.view.mutate({ cartId }),
  // @ts-expect-error: there is no such procedure
  client.cart.explode.mutate({ cartId }),
  client.cart.at.query({ cartId, time: new Date() }),
  // @ts-expect-error: a time is a Date
  client.cart.at.query({ cartId, time: "2026-01-31T09:30:00.000Z" }),
  live.addItem({ productId }),
  // @ts-expect-error: any text is not the id of a product
  live.addItem({ productId: "prod-456" }),
  // @ts-expect-error: the quantity is missing
  live.setQuantity({ productId }),
];

/** As the README shows it. */
export const checkout = async () => {
  const [country, shippingMethodId] = [countryOf("VN"), shippingMethodIdOf("express")];
  await client.cart.applyCoupon.mutate({ cartId, code: couponCodeOf("FREESHIP") });
  const { quote, quoteHash } = await client.cart.quote.mutate({ cartId, country, shippingMethodId });
  const { checkoutId } = await client.checkout.start.mutate({
    ...{ cartId, quoteHash, shippingMethodId, paymentToken: paymentTokenOf("pm_card_visa") },
    contact: { email: "ada@example.com", locale: "en" },
    shipTo: { country, name: "Ada Lovelace", line1: "1 Tràng Tiền", city: "Hà Nội" },
  });
  client.checkout.live.subscribe({ checkoutId }, { onMessage: ({ data: { view } }) => view.status });
  return quote.totals.total.amountMinor;
};

// What comes out.
type Answer<Call extends (...given: never) => Promise<unknown>> = Awaited<ReturnType<Call>>;
type Reply = Answer<CartwrightClient["cart"]["addItem"]["mutate"]>;
type View = Answer<CartwrightClient["cart"]["view"]["query"]>;
type HistoryEvent = Answer<CartwrightClient["cart"]["history"]["query"]>["events"][number];
type Subscribe = CartwrightClient["cart"]["live"]["subscribe"];
type Message = Parameters<Parameters<Subscribe>[1]["onMessage"]>[0];

holds<Same<Reply["position"], bigint>>();
holds<Same<Reply["version"], number>>();
holds<Same<View["openedAt"], Date>>();
holds<Same<View["status"], CartStatus>>();
holds<Same<View["items"][number]["unitPrice"], Money>>();
holds<Same<HistoryEvent["time"], Date>>();
holds<Same<HistoryEvent["type"], CartEvent["type"]>>();
holds<Same<Message["id"], string>>();
holds<Same<Message["data"], LiveCartMessage>>();
holds<Same<Extract<LiveCartMessage, { kind: "change" }>["position"], bigint>>();
holds<Same<NonNullable<LiveCartState["cart"]>["updatedAt"], Date>>();

// Unions are closed: every member is named, and a switch over all of them leaves nothing.
holds<Same<LiveStatus, "catchingUp" | "live" | "offline" | "ended">>();
holds<Same<Settled["outcome"], "accepted" | "refused" | "withdrawn" | "queueFull" | "failed">>();
holds<Same<Told["kind"], "refused" | "notice" | "failed">>();
holds<Same<CartStatus, "Open" | "CheckingOut" | "Ordered" | "Cancelled" | "Expired" | "Merged">>();
holds<string extends RefusalCode ? false : true>();
holds<string extends CartEvent["type"] ? false : true>();

export const closed = (state: LiveCartState, told: Told): string => {
  if (told.kind === "refused") return told.refusal.code;
  if (told.kind === "notice") return told.notice.code;
  const failed: Extract<Told, { kind: "failed" }> = told;
  // @ts-expect-error: a fault has no refusal
  const { refusal } = failed;
  // @ts-expect-error: there is no such status
  return state.status === "connecting" ? String(refusal) : "";
};

// A refusal has its facts, and no other's.
export const facts = (): Money | undefined => {
  if (!isRefusal(error, "PriceChanged")) return undefined;
  holds<Same<typeof error.data.refusal, RefusalOf<"PriceChanged">>>();
  // @ts-expect-error: a changed price is of no version
  const { expected } = error.data.refusal;
  // @ts-expect-error: there is no such refusal
  return isRefusal(error, "TooExpensive") ? expected : error.data.refusal.list;
};
