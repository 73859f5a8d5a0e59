import { addItem as decideAddItem } from "@cartwright/cart-domain/add-item";
import { Currency } from "@cartwright/contracts/currency";
import { ProductId, SubjectId } from "@cartwright/contracts/ids";
import { lineOfText } from "@cartwright/contracts/text";
import { refuse } from "@cartwright/decider/decision";
import * as z from "zod";
import type { Catalog } from "../catalog/catalog.ts";
import { accessOf } from "./access.ts";
import type { Answer } from "./answer.ts";
import type { Caller } from "./caller.ts";
import { commandInput, type InputOf } from "./command-input.ts";
import { offerOf } from "./offer-of.ts";
import { type CartReply, type RunDeps, replyOf, runCommand } from "./run-command.ts";

export const AddItem = z.strictObject({
  ...commandInput,
  productId: ProductId,
  quantity: z.int().positive(),
  /** What the shopper saw one piece for, in minor units of `currency`. */
  price: z.int().nonnegative().optional(),
  /** Of the price, and of a cart that this opens. */
  currency: Currency.optional(),
  /** Kept only of a back end that prices for itself; everybody else's products are called what the catalogue says. */
  productName: lineOfText(200).optional(),
  userId: SubjectId.optional(),
});
export type AddItem = z.output<typeof AddItem>;

export type AddItemDeps = RunDeps & { readonly catalog: Pick<Catalog, "products">; readonly defaultCurrency: Currency };

/** Adds to what is there, and opens the cart where there is none. */
export const addItem =
  (deps: AddItemDeps) =>
  async (caller: Caller, input: InputOf<typeof AddItem>): Promise<Answer<CartReply>> => {
    const access = accessOf(caller, input);
    if (!access.ok) return access;
    const { cartId, productId, quantity } = input;
    const { owner, ownerKind, mayPrice } = access.value;
    const listing = (await deps.catalog.products([productId])).get(productId)?.listing ?? { status: "absent" };

    const outcome = await runCommand(deps, {
      name: "addItem",
      caller,
      access: access.value,
      input,
      opens: true,
      decide: (cart, now) => {
        // Who names neither price nor currency buys in the cart's.
        const implied = cart.status === "Absent" || input.price !== undefined ? deps.defaultCurrency : cart.currency;
        const offer = offerOf({ ...input, listing, mayPrice, currency: input.currency ?? implied });
        return offer.ok
          ? decideAddItem({ cartId, owner, ownerKind, productId, quantity, now, ...offer.value }, cart)
          : refuse(offer.refusal);
      },
    });
    return replyOf(outcome, input);
  };
