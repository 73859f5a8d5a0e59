import { whyNotOpen } from "@cartwright/cart-domain/cart";
import { setContact as decideSetContact } from "@cartwright/cart-domain/set-contact";
import { cartStreamId } from "@cartwright/contracts/cart-events";
import { Contact } from "@cartwright/contracts/personal-data";
import { refuse } from "@cartwright/decider/decision";
import * as z from "zod";
import { type PersonalDigest, type Seal, sealContact } from "../checkouts/sealing.ts";
import { accessOf } from "./access.ts";
import type { Answer } from "./answer.ts";
import type { Caller } from "./caller.ts";
import { commandInput, type InputOf } from "./command-input.ts";
import { digestedInput } from "./digested-input.ts";
import { type CartReply, forbids, type RunDeps, replyOf, runCommand } from "./run-command.ts";

export const SetContact = z.strictObject({ ...commandInput, ...Contact.shape });
export type SetContact = z.output<typeof SetContact>;

/** Says how the owner of the cart is reached. It is sealed with the owner's key before it is written anywhere. */
export const setContact =
  (deps: RunDeps & { readonly seal: Seal; readonly digest: PersonalDigest }) =>
  async (caller: Caller, input: InputOf<typeof SetContact>): Promise<Answer<CartReply>> => {
    const access = accessOf(caller, input);
    if (!access.ok) return access;
    const { cartId, idempotencyKey: _key, expectedVersion: _version, reason: _reason, ...contact } = input;
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const { state, version } = await deps.handler.load(cartStreamId(cartId));
      const refusal = forbids({ cart: state, version, access: access.value, input: { cartId }, opens: false });
      if (refusal || state.status === "Absent") return { ok: false, refusal: refusal ?? { code: "CartNotFound", cartId } };
      // Of who is refused nothing is sealed, and so nothing is kept. A retry finds its first answer all the same.
      const isTaken = state.status === "Open" && !forbids({ cart: state, version, access: access.value, input, opens: false });
      const { owner } = state;
      const sealed = isTaken ? await sealContact(deps.seal, owner, contact) : null;
      const identity = await digestedInput(deps.digest, { owner, input, personal });
      let isStale = false;
      const outcome = await runCommand(deps, {
        ...{ name: "setContact", caller, access: access.value, input, identity },
        decide: (cart, now, actual) => {
          if (cart.status !== "Open") return refuse(whyNotOpen(cart, cartId));
          isStale = sealed === null;
          return sealed
            ? decideSetContact({ cartId, contact: sealed, now }, cart)
            : refuse({ code: "VersionMismatch", expected: version, actual });
        },
      });
      if (!isStale || outcome.outcome !== "refused") return replyOf(outcome, input);
    }
    throw new CartContended(`the cart ${cartId} closed and opened ${maxAttempts} times while its contact was set`);
  };

const maxAttempts = 5;

export class CartContended extends Error {
  override readonly name = "CartContended";
  readonly retryable = true;
}

const personal = ["email", "phone", "locale", "timeZone", "consent"] as const;
