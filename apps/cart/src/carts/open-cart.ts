import { openCart as decideOpenCart } from "@cartwright/cart-domain/open-cart";
import { Currency } from "@cartwright/contracts/currency";
import { CartId, SubjectId } from "@cartwright/contracts/ids";
import type { Refusal } from "@cartwright/contracts/refusals";
import type { Outcome } from "@cartwright/event-log/command-handler";
import type { Claim, EventLog } from "@cartwright/event-log/event-log";
import * as z from "zod";
import { type Access, accessOf } from "./access.ts";
import type { Answer } from "./answer.ts";
import type { Caller } from "./caller.ts";
import { currentCartClaim } from "./cart-model.ts";
import { commandInput, type InputOf } from "./command-input.ts";
import { type CartReply, type RunDeps, replyOf, runCommand } from "./run-command.ts";

export const OpenCart = z.strictObject({
  ...commandInput,
  /** Without it: the subject's current cart, or a new one where there is none. */
  cartId: CartId.optional(),
  /** Of a cart that this opens. */
  currency: Currency.optional(),
  userId: SubjectId.optional(),
});
export type OpenCart = z.output<typeof OpenCart>;

export type OpenCartDeps = RunDeps & { readonly log: Pick<EventLog, "claims">; readonly defaultCurrency: Currency };

/** Opens a cart, or answers the one that is open. However many ask at once for a subject's current cart, it is one. */
export const openCart =
  (deps: OpenCartDeps) =>
  async (caller: Caller, input: InputOf<typeof OpenCart>): Promise<Answer<CartReply>> => {
    const access = accessOf(caller, input);
    if (!access.ok) return access;
    const opening = { caller, access: access.value, input };
    if (input.cartId === undefined) return openCurrent(deps, opening);
    const fields = { ...input, cartId: input.cartId };
    return replyOf(await open(deps, opening, { cartId: input.cartId }), fields);
  };

type Opening = { readonly caller: Caller; readonly access: Access; readonly input: InputOf<typeof OpenCart> };

/** The claim on being the subject's current cart is taken in the append that opens it; who comes second answers the first one's. */
const openCurrent = async (deps: OpenCartDeps, opening: Opening): Promise<Answer<CartReply>> => {
  const { access, input } = opening;
  const key = currentCartClaim(access.owner);
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const current = input.idempotencyKey === undefined ? (await deps.log.claims([key])).get(key)?.holder : undefined;
    const cartId = CartId.parse(current ?? (attempt === 1 ? await newCartId(opening) : crypto.randomUUID()));
    const outcome = await open(deps, opening, { cartId, ...(!current && { claims: [{ kind: "hold", key, holder: cartId }] }) });
    if (outcome.outcome === "claimed" && outcome.held.holder !== null) {
      const held = CartId.parse(outcome.held.holder);
      const other = await open(deps, opening, { cartId: held });
      if (!isClosed(other)) return replyOf(other, { ...input, cartId: held });
    } else if (outcome.outcome !== "claimed" && !isClosed(outcome)) return replyOf(outcome, { ...input, cartId });
    // The current cart was closed while we looked: the next look finds its successor or none.
  }
  throw new CurrentCartContended(`the current cart of ${access.owner} was closed ${maxAttempts} times while it was opened`);
};

const maxAttempts = 5;

export class CurrentCartContended extends Error {
  override readonly name = "CurrentCartContended";
  readonly retryable = true;
}

const open = (
  deps: OpenCartDeps,
  { caller, access, input }: Opening,
  { cartId, claims }: { cartId: CartId; claims?: readonly Claim[] },
): Promise<Outcome<Refusal>> =>
  runCommand(deps, {
    name: "open",
    caller,
    access,
    input: { ...input, cartId },
    opens: true,
    ...(claims && { claims }),
    decide: (cart, now) => {
      const { owner, ownerKind } = cart.status === "Absent" ? access : cart;
      const currency = input.currency ?? (cart.status === "Absent" ? deps.defaultCurrency : cart.currency);
      return decideOpenCart({ cartId, owner, ownerKind, currency, now }, cart);
    },
  });

const isClosed = (outcome: Outcome<Refusal>) => outcome.outcome === "refused" && outcome.refusal.code === "CartClosed";

/** A retry under the same key opens the same cart, so that it finds the first answer there. */
const newCartId = async ({ caller, input }: Opening): Promise<string> => {
  if (input.idempotencyKey === undefined) return crypto.randomUUID();
  const name = new TextEncoder().encode(`current-cart ${caller.subject} ${input.idempotencyKey}`);
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", name)).slice(0, 16);
  // RFC 9562, version 8: a UUID of one's own making.
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toHex();
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
};
