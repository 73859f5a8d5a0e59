import type { CartId, IdempotencyKey } from "@cartwright/contracts/ids";
import type { LiveCartMessage } from "@cartwright/contracts/live-cart";
import type { Notice } from "@cartwright/contracts/notices";
import type { Refusal } from "@cartwright/contracts/refusals";
import type { CartCommand } from "./cart-command.ts";

/** What a live cart needs of the cart service. It may be reached over any network, however bad. */
export type LiveCartService = {
  /**
   * `cart.live`: the cart and what happens to it, or from `lastEventId` on only what happened since.
   * @returns what stops it.
   */
  follow(request: { cartId: CartId; lastEventId: string | undefined }, on: FollowObserver): () => void;
  /** Never rejects. */
  run(command: CartCommand, request: { cartId: CartId; key: IdempotencyKey }): Promise<CommandAnswer>;
};

export type FollowObserver = {
  message(message: LiveCartMessage, eventId: string): void;
  /** `connected`: what comes from now on comes as it happens. */
  connection(state: "connected" | "lost"): void;
  /** Nothing comes any more. A refusal is for good; anything else is worth another attempt. */
  ended(refusal: Refusal | null): void;
};

export type CommandAnswer =
  | { readonly outcome: "accepted"; readonly version: number; readonly notices: readonly Notice[] }
  | { readonly outcome: "refused"; readonly refusal: Refusal }
  /** Nobody answered, or nobody could: the command may have been done. The same key may be sent again. */
  | { readonly outcome: "unreachable" }
  /** A fault of the service. */
  | { readonly outcome: "failed"; readonly error: unknown };
