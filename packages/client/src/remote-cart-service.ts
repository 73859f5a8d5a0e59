import type { CartServiceRouter } from "@cartwright/cart/router";
import type { CartId, IdempotencyKey } from "@cartwright/contracts/ids";
import type { TRPCUntypedClient } from "@trpc/client";
import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import type { CallContext } from "./call-context.ts";
import type { CartCommand, CommandOf } from "./cart-command.ts";
import type { CartService } from "./cart-service.ts";
import { refusalOf } from "./is-refusal.ts";
import { isTransient } from "./is-transient.ts";
import type { LiveCartService } from "./live-cart-service.ts";

/** The cart service as a live cart needs it, over tRPC. */
export const remoteCartService = (client: TRPCUntypedClient<CartServiceRouter>, { cart }: Pick<CartService, "cart">): LiveCartService => ({
  follow: ({ cartId, lastEventId }, on) =>
    cart.live.subscribe(
      { cartId, ...(lastEventId !== undefined && { lastEventId }) },
      {
        onMessage: ({ id, data }) => on.message(data, id),
        onConnection: on.connection,
        onError: (error) => on.ended(refusalOf(error)),
        onEnd: () => on.ended(null),
      },
    ),
  run: async (command, { cartId, key }) => {
    const { path, input } = callOf(command, { cartId, idempotencyKey: key });
    const context: CallContext = { alone: true, once: true, correlationId: key };
    try {
      // Each of these commands answers alike.
      const { version, notices } = (await client.mutation(path, input, { context })) as Reply;
      return { outcome: "accepted", version, notices };
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal) return { outcome: "refused", refusal };
      return isTransient(error) ? { outcome: "unreachable" } : { outcome: "failed", error };
    }
  },
});

type Inputs = inferRouterInputs<CartServiceRouter>["cart"];
type Procedure = CartCommand["type"];
type Reply = inferRouterOutputs<CartServiceRouter>["cart"][Procedure];
type Target = { readonly cartId: CartId; readonly idempotencyKey: IdempotencyKey };

const callOf = (command: CartCommand, target: Target): { path: `cart.${Procedure}`; input: Inputs[Procedure] } => {
  const path = `cart.${command.type}` as const;
  switch (command.type) {
    case "addItem":
      return { path, input: addItemInput(command, target) };
    case "setQuantity":
      return { path, input: { ...target, productId: command.productId, quantity: command.quantity } satisfies Inputs["setQuantity"] };
    case "removeItem":
      return { path, input: { ...target, productId: command.productId } satisfies Inputs["removeItem"] };
    case "clear":
    case "undo":
    case "cancel":
      return { path, input: target satisfies Inputs["clear" | "undo" | "cancel"] };
  }
};

const addItemInput = ({ productId, quantity, product }: CommandOf<"addItem">, target: Target): Inputs["addItem"] => ({
  ...target,
  productId,
  quantity,
  ...(product && { price: product.price.amountMinor, currency: product.price.currency }),
});
