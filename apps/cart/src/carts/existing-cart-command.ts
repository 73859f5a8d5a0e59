import type { Cart } from "@cartwright/cart-domain/cart";
import type { CartEvent } from "@cartwright/contracts/cart-events";
import type { Instant } from "@cartwright/contracts/instant";
import type { Refusal } from "@cartwright/contracts/refusals";
import type { Decision } from "@cartwright/decider/decision";
import { accessOf } from "./access.ts";
import type { Answer } from "./answer.ts";
import type { Caller } from "./caller.ts";
import { type CartReply, type CommandFields, type RunDeps, replyOf, runCommand } from "./run-command.ts";

/** A command of the domain on a cart that is there, as it is given by a caller. */
export const existingCartCommand =
  <Input extends CommandFields & { readonly reason?: string | undefined }>(
    name: string,
    decide: (command: Input & { now: Instant }, cart: Cart) => Decision<CartEvent, Refusal>,
  ) =>
  (deps: RunDeps) =>
  async (caller: Caller, input: Input): Promise<Answer<CartReply>> => {
    const access = accessOf(caller, input);
    if (!access.ok) return access;
    const outcome = await runCommand(deps, {
      name,
      caller,
      access: access.value,
      input,
      decide: (cart, now) => decide({ ...input, now }, cart),
    });
    return replyOf(outcome, input);
  };
