import { callerOf } from "../carts/caller.ts";
import { SetContact } from "../carts/set-contact.ts";
import { authenticated } from "../context.ts";
import { unwrap } from "../refusals.ts";

export const cartSetContact = authenticated
  .input(SetContact)
  .mutation(async ({ ctx, input }) => unwrap(await ctx.services.carts.setContact(callerOf(ctx), input)));
