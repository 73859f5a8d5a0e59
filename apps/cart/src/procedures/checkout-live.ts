import { subscription } from "@cartwright/service-kit/subscription";
import { tracked } from "@trpc/server";
import { callerOf } from "../carts/caller.ts";
import { LiveCheckout } from "../checkouts/live-checkout.ts";
import { authenticated } from "../context.ts";
import { unwrap } from "../refusals.ts";

export const checkoutLive = authenticated.input(LiveCheckout).subscription(async function* ({ ctx, input, signal }) {
  const steps = subscription(ctx, signal, async (open) => unwrap(await ctx.services.checkouts.live(callerOf(ctx), input, open)));
  for await (const step of steps) yield tracked(String(step.version), step);
});
