import { Hono } from "hono";
import { html } from "hono/html";
import { authenticateIntent } from "./simulated-intents.ts";
import type { SimulatedWorld } from "./simulated-world.ts";
import type { SimulatedIntent, SimulatorLedger } from "./simulator-ledger.ts";

/** What the shopper's bank would show: a page that asks whether it was them, and leads back to the shop. */
export const simulatorPage = (ledger: SimulatorLedger, world: SimulatedWorld): Hono => {
  const app = new Hono();
  app.get("/simulator/3ds/:id", async (c) => {
    const intent = await ledger.get(c.req.param("id"));
    if (!intent) return c.notFound();
    if (intent.status !== "requires_action") return c.redirect(wayBack(intent), 303);
    const amount = `${intent.amount} ${intent.currency.toUpperCase()}`;
    c.header("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    return c.html(page(intent.id, amount));
  });
  app.post("/simulator/3ds/:id", async (c) => {
    const { answer } = await c.req.parseBody();
    const intent = await ledger.change((books) => authenticateIntent(world, books, { id: c.req.param("id"), isYes: answer === "confirm" }));
    return intent ? c.redirect(wayBack(intent), 303) : c.notFound();
  });
  return app;
};

const wayBack = ({ id, status, returnUrl }: SimulatedIntent): string => {
  const url = new URL(returnUrl ?? "http://localhost:5100/");
  url.searchParams.set("payment_intent", id);
  url.searchParams.set("redirect_status", status === "requires_capture" || status === "succeeded" ? "succeeded" : "failed");
  return url.href;
};

const page = (id: string, amount: string) => html`<!doctype html>
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width" />
      <title>Confirm your payment</title>
      <style>
        body { font: 1rem/1.5 system-ui, sans-serif; max-width: 28rem; margin: 4rem auto; padding: 0 1rem }
        button { font: inherit; padding: 0.5rem 1rem; margin-right: 0.5rem }
      </style>
    </head>
    <body>
      <main>
        <h1>Is this you?</h1>
        <p>The simulated bank asks about a payment of ${amount} (in minor units).</p>
        <form method="post" action="/simulator/3ds/${id}">
          <button name="answer" value="confirm">Yes, pay</button>
          <button name="answer" value="fail">No</button>
        </form>
      </main>
    </body>
  </html>`;
