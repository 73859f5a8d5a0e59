import type { ServiceEnv } from "@cartwright/service-kit/service-env";
import { Hono } from "hono";
import type { Hearing } from "./hear-provider.ts";
import { WebhookRefused } from "./provider-news.ts";

export type WebhookRoutesDeps = { readonly hear: (request: { payload: Uint8Array; signature: string }) => Promise<Hearing> };

/** Where the provider tells unasked. It sends again what was not answered well. */
export const webhookRoutes = ({ hear }: WebhookRoutesDeps): Hono<ServiceEnv> => {
  const app = new Hono<ServiceEnv>();
  app.post("/stripe", async (c) => {
    try {
      const payload = new Uint8Array(await c.req.arrayBuffer());
      const hearing = await hear({ payload, signature: c.req.header("stripe-signature") ?? "" });
      return c.json({ received: true, hearing });
    } catch (error) {
      if (!(error instanceof WebhookRefused)) throw error;
      c.var.logger.warn({ reason: error.message }, "a webhook was refused");
      return c.json({ received: false }, 400);
    }
  });
  return app;
};
