import { subscription } from "@cartwright/service-kit/subscription";
import { tracked } from "@trpc/server";
import { callerOf } from "../carts/caller.ts";
import { authenticated } from "../context.ts";
import { LiveOrder } from "../orders/live-order.ts";
import { unwrap } from "../refusals.ts";

export const orderLive = authenticated.input(LiveOrder).subscription(async function* ({ ctx, input, signal }) {
  const steps = subscription(ctx, signal, async (open) => unwrap(await ctx.services.orders.live(callerOf(ctx), input, open)));
  for await (const step of steps) yield tracked(String(step.version), step);
});
