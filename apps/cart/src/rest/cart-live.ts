import { subscription } from "@cartwright/service-kit/subscription";
import { eventStream } from "../live/event-stream.ts";
import { CartParams, SupportQuery } from "./cart-route.ts";
import { restUnwrap } from "./rest-refusal.ts";
import { type Route, route } from "./route.ts";

const headers = { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" };

const live = route(
  {
    method: "get",
    access: "subject",
    tag: "Carts",
    id: "followCart",
    path: "/api/cart/{cartId}/live",
    summary: "Follow a cart",
    description:
      "Server-sent events: a `snapshot` of the cart at once, then a `change` for each version, whose number is the event's `id`. The last one is a `refusal` where the access token is no longer good. A cart that is not there is a snapshot of version 0 that holds null, until it is opened.",
    params: CartParams,
    query: SupportQuery,
    headers: { "last-event-id": { description: "The version that the client has: it is sent what happened since.", example: "3" } },
    answers: { 200: { description: "The cart and what happens to it, until the client goes", mediaType: "text/event-stream" } },
    refusals: ["ReasonMissing"],
  },
  async ({ c, ctx, params, query, caller }) => {
    const gone = new AbortController();
    const lastEventId = c.req.header("last-event-id");
    const input = { ...params, ...query, ...(lastEventId !== undefined && { lastEventId }) };
    const messages = restUnwrap(await ctx.services.live(caller(), input, gone.signal));
    if (c.req.method === "HEAD") {
      gone.abort();
      return c.body(null, 200, headers);
    }
    const body = eventStream({
      messages: subscription(ctx, gone.signal, (ended) => {
        ended.addEventListener("abort", () => gone.abort());
        return messages;
      }),
      onEnd: () => gone.abort(),
      onError: (err) => c.var.logger.error({ err, path: c.req.path }, "a live cart failed"),
    });
    return c.body(body, 200, headers);
  },
);

export const liveCartRoutes: readonly Route[] = [live];
