import { Hono } from "hono";
import { html } from "hono/html";
import { shownAmount } from "./shown-amount.ts";
import { authenticateIntent } from "./simulated-intents.ts";
import { answerDispute } from "./simulated-refunds.ts";
import type { SimulatedWorld } from "./simulated-world.ts";
import type { SimulatedDispute, SimulatedIntent, SimulatorLedger } from "./simulator-ledger.ts";

/** What the shopper's bank would show: a page that asks whether it was them, and leads back to the shop; and where a dispute is decided. */
export const simulatorPage = (ledger: SimulatorLedger, world: SimulatedWorld): Hono => {
  const app = new Hono();
  app.get("/simulator/3ds/:id", async (c) => {
    const intent = await ledger.get(c.req.param("id"));
    if (!intent) return c.notFound();
    if (intent.status !== "requires_action") return c.redirect(wayBack(intent), 303);
    c.header("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    return c.html(paymentPage(intent));
  });
  app.post("/simulator/3ds/:id", async (c) => {
    const { answer } = await c.req.parseBody();
    const intent = await ledger.change((books) => authenticateIntent(world, books, { id: c.req.param("id"), isYes: answer === "confirm" }));
    return intent ? c.redirect(wayBack(intent), 303) : c.notFound();
  });
  app.get("/simulator/disputes/:id", async (c) => {
    const dispute = await ledger.dispute(c.req.param("id"));
    if (!dispute) return c.notFound();
    c.header("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    return c.html(disputePage(dispute));
  });
  app.post("/simulator/disputes/:id", async (c) => {
    const { evidence } = await c.req.parseBody();
    const [id, form] = [c.req.param("id"), { "evidence[uncategorized_text]": String(evidence) }];
    const { status } = await ledger.change((books) => answerDispute(world, books, { id, form }));
    return status === 200 ? c.redirect(`/simulator/disputes/${id}`, 303) : c.notFound();
  });
  return app;
};

const wayBack = ({ id, status, returnUrl }: SimulatedIntent): string => {
  const url = new URL(returnUrl ?? "http://localhost:5100/");
  url.searchParams.set("payment_intent", id);
  url.searchParams.set("redirect_status", status === "requires_capture" || status === "succeeded" ? "succeeded" : "failed");
  return url.href;
};

const paymentPage = (intent: SimulatedIntent) =>
  page(
    "Confirm your payment",
    html`
        <h1>Is this you?</h1>
        <p>The simulated bank asks about a payment of ${shownAmount(intent)}.</p>
        <form method="post" action="/simulator/3ds/${intent.id}">
          <button name="answer" value="confirm">Yes, pay</button>
          <button name="answer" value="fail">No</button>
        </form>`,
  );

/** By the evidence that Stripe takes in its test mode: https://docs.stripe.com/testing#evidence */
const disputePage = (dispute: SimulatedDispute) =>
  page(
    "Decide a dispute",
    html`
        <h1>A dispute</h1>
        <p>It is about ${shownAmount(dispute)}, for the reason ${dispute.reason}, and stands at ${dispute.status}.</p>
        <form method="post" action="/simulator/disputes/${dispute.id}">
          <button name="evidence" value="winning_evidence">The shop wins</button>
          <button name="evidence" value="losing_evidence">The shop loses</button>
          <button name="evidence" value="escalate_inquiry_evidence">Escalate an inquiry</button>
        </form>`,
  );

const page = (title: string, content: ReturnType<typeof html>) => html`<!doctype html>
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width" />
      <title>${title}</title>
      <style>
        body { font: 1rem/1.5 system-ui, sans-serif; max-width: 28rem; margin: 4rem auto; padding: 0 1rem }
        button { font: inherit; padding: 0.5rem 1rem; margin-right: 0.5rem }
      </style>
    </head>
    <body>
      <main>${content}</main>
    </body>
  </html>`;
