import { Hono } from "hono";
import type { Health } from "./health.ts";
import { healthRoutes } from "./health-routes.ts";
import { problem } from "./problem.ts";
import { redactText } from "./redact.ts";

export type AdminAppOptions = {
  readonly health: Health;
  readonly exposeMetrics: () => Promise<{ readonly contentType: string; readonly body: string }>;
};

/**
 * What the second listener answers, which is for operators: `/metrics`, and `/health` with the detail of each check. A
 * service adds the routes that steer it.
 *
 * It asks nobody who they are, because it listens on loopback alone; a page in an operator's browser can reach that too, and
 * is turned away by the `Origin` that browsers send with whatever may change something.
 */
export const adminApp = ({ health, exposeMetrics }: AdminAppOptions): Hono => {
  const app = new Hono();
  app.use(async (c, next) => {
    if (c.req.header("origin") !== undefined) return problem({ status: 403, title: "The admin listener is not for browsers" });
    await next();
  });
  app.get("/metrics", async (c) => {
    const { body, contentType } = await exposeMetrics();
    return c.body(body, 200, { "content-type": contentType });
  });
  app.get("/health", async (c) => {
    const report = await health.report();
    return c.text(redactText(JSON.stringify(report, null, 2)), report.live && report.ready ? 200 : 503, {
      "content-type": "application/json",
    });
  });
  app.route("/health", healthRoutes(health));
  app.notFound(() => problem({ status: 404, title: "There is nothing here" }));
  return app;
};
