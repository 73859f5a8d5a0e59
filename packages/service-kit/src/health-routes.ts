import { Hono } from "hono";
import type { Health } from "./health.ts";

/** `/live` and `/ready`, for a load balancer or an orchestrator: short, since everybody may ask. To be mounted at `/health`. */
export const healthRoutes = (health: Health): Hono =>
  new Hono()
    .get("/live", async (c) => answer(c, (await health.report()).live))
    .get("/ready", async (c) => answer(c, (await health.report()).ready));

type Answering = { json(body: { status: string }, status: 200 | 503): Response };

const answer = (c: Answering, ok: boolean) => (ok ? c.json({ status: "ok" }, 200) : c.json({ status: "failing" }, 503));
