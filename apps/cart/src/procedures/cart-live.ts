import { subscription } from "@cartwright/service-kit/subscription";
import { tracked } from "@trpc/server";
import { callerOf } from "../carts/caller.ts";
import { authenticated } from "../context.ts";
import { LiveCart } from "../live/live-cart.ts";
import { unwrap } from "../refusals.ts";

export const cartLive = authenticated.input(LiveCart).subscription(async function* ({ ctx, input, signal }) {
  const messages = subscription(ctx, signal, async (open) => unwrap(await ctx.services.live(callerOf(ctx), input, open)));
  for await (const message of messages) yield tracked(String(message.version), message);
});
