import type { Logger } from "@cartwright/service-kit/logger";
import { type Context, Hono } from "hono";
import { passTime } from "./pass-time.ts";
import { cancelIntent, captureIntent, confirmIntent, createIntent } from "./simulated-intents.ts";
import { answerDispute, createRefund } from "./simulated-refunds.ts";
import { type Form, type SimulatedWorld, shown } from "./simulated-world.ts";
import type { Books, SimulatedAnswer, SimulatedIntent, SimulatorLedger } from "./simulator-ledger.ts";
import {
  faulty,
  found,
  inProgress,
  keyReused,
  listOf,
  missing,
  searchResult,
  shownDispute,
  shownPaymentMethod,
  shownRefund,
  unauthorized,
} from "./stripe-answers.ts";
import { type TestFault, testCards } from "./test-cards.ts";

export type SimulatorOptions = Partial<SimulatedWorld> & {
  /** Tells the service what it has not heard yet. */
  readonly deliver?: () => Promise<void>;
  /** How long an answer takes that is slow. */
  readonly slowMs?: number;
  readonly logger?: Logger;
};

/**
 * A payment provider to try things out with: the part of Stripe's HTTP API that the service uses, answered from the simulator's own books
 * for Stripe's published test payment methods.
 */
export const simulatorApp = (ledger: SimulatorLedger, options: SimulatorOptions = {}): Hono => {
  const app = new Hono();
  app.onError((err) => {
    options.logger?.warn({ err }, "the simulator failed");
    return answered(faulty());
  });
  app.use("/v1/*", async (c, next) => {
    if (!/^Bearer sk_test/.test(c.req.header("authorization") ?? "")) return answered(unauthorized());
    await passTime(worldOf(options), ledger);
    return next();
  });
  app.get("/v1/payment_methods/:id", (c) => answered(shownPaymentMethod(c.req.param("id"))));
  app.route("/v1/payment_intents", intentRoutes(ledger, options));
  app.route("/v1", refundRoutes(ledger, worldOf(options)));
  return app;
};

const worldOf = ({ now = () => new Date(), pageUrl = () => "http://simulator/simulator/3ds" }: SimulatorOptions): SimulatedWorld => ({
  now,
  pageUrl,
});

const intentRoutes = (ledger: SimulatorLedger, options: SimulatorOptions): Hono => {
  const { deliver = async () => {}, slowMs = 3_000 } = options;
  const world = worldOf(options);
  const shownAll = (intents: readonly SimulatedIntent[]) => intents.map((intent) => shown(world, intent));
  const app = new Hono();
  app.get("/", async (c) => answered(listOf(c.req.path, shownAll(await ledger.list()))));
  app.get("/search", async (c) => {
    const [, key, value] = /^metadata\['(\w+)'\]:'([^']*)'$/.exec(c.req.query("query") ?? "") ?? [];
    const intents = key !== undefined && value !== undefined ? await ledger.list({ key, value }) : [];
    return answered(searchResult(c.req.path, shownAll(intents)));
  });
  app.get("/:id", async (c) => {
    const intent = await ledger.get(c.req.param("id"));
    return answered(intent ? found(shown(world, intent)) : missing());
  });
  app.post("/", async (c) => {
    const form = await formOf(c);
    const fault = testCards[form.payment_method ?? ""]?.fault;
    return withFault(c, { fault, deliver, slowMs }, () => keyed(c, { ledger, form }, (books) => createIntent(world, books, form)));
  });
  app.post("/:id/:action{confirm|capture|cancel}", async (c) => {
    const { id, action } = c.req.param();
    const form = await formOf(c);
    const outcome = await keyed(c, { ledger, form }, (books) => {
      if (action === "confirm") return confirmIntent(world, books, { id, form });
      if (action === "capture") return captureIntent(world, books, { id, form, attempt: attemptOf(c) });
      return cancelIntent(world, books, { id, reason: null });
    });
    return answeredOf(ledger, id, outcome);
  });
  return app;
};

const refundRoutes = (ledger: SimulatorLedger, world: SimulatedWorld): Hono => {
  const app = new Hono();
  app.get("/refunds", async (c) => {
    const refunds = await ledger.refunds(c.req.query("payment_intent") ?? null);
    return answered(listOf(c.req.path, refunds.map(shownRefund)));
  });
  app.post("/refunds", async (c) => {
    const form = await formOf(c);
    const outcome = await keyed(c, { ledger, form }, (books) => createRefund(world, books, form));
    return answeredOf(ledger, form.payment_intent ?? "", outcome);
  });
  app.get("/disputes", async (c) => {
    const disputes = await ledger.disputes(c.req.query("payment_intent") ?? null);
    return answered(listOf(c.req.path, disputes.map(shownDispute)));
  });
  app.get("/disputes/:id", async (c) => {
    const dispute = await ledger.dispute(c.req.param("id"));
    return answered(dispute ? found(shownDispute(dispute)) : missing());
  });
  app.post("/disputes/:id", async (c) => {
    const form = await formOf(c);
    const answer = { id: c.req.param("id"), form };
    return answered((await keyed(c, { ledger, form }, (books) => answerDispute(world, books, answer))).answer);
  });
  return app;
};

const formOf = async (c: Context): Promise<Form> => Object.fromEntries(new URLSearchParams(await c.req.text()));

const answered = ({ status, body }: SimulatedAnswer, { isReplayed = false } = {}): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", ...(isReplayed && { "idempotent-replayed": "true" }) },
  });

type Answered = { readonly answer: SimulatedAnswer; readonly isFirst: boolean; readonly isReplayed: boolean };

/** A call without a key is one of its own. */
const keyed = async (
  c: Context,
  { ledger, form }: { ledger: SimulatorLedger; form: Form },
  work: (books: Books) => Promise<SimulatedAnswer>,
): Promise<Answered> => {
  const key = c.req.header("idempotency-key") ?? crypto.randomUUID();
  const outcome = await ledger.once({ key, fingerprint: JSON.stringify([c.req.path, form]) }, work);
  if (outcome === "keyReused") return { answer: keyReused(), isFirst: false, isReplayed: false };
  if (outcome === "inProgress") return { answer: inProgress(), isFirst: false, isReplayed: false };
  return { ...outcome, isReplayed: !outcome.isFirst };
};

/** The service counts its attempts at the end of its keys; who does not is at the first. */
const attemptOf = (c: Context): number => Number(/:(\d+)$/.exec(c.req.header("idempotency-key") ?? "")?.[1] ?? 1);

type Faulty = { readonly fault: TestFault | undefined; readonly deliver: () => Promise<void>; readonly slowMs: number };

const withFault = async (c: Context, { fault, deliver, slowMs }: Faulty, work: () => Promise<Answered>): Promise<Response> => {
  if (fault === "neverAnswers") return silence(c);
  if (fault === "slow") await new Promise((done) => setTimeout(done, slowMs));
  const { answer, isFirst, isReplayed } = await work();
  if (fault === "timeoutThenSuccess" && isFirst) return silence(c);
  if (fault === "webhookFirst" && isFirst) await deliver();
  if (fault === "answersLost" && isFirst && !answer.isUnkept) return brokenOff();
  return answered(answer, { isReplayed });
};

/** What else is asked of an intent goes wrong only where every answer is lost. */
const answeredOf = async (ledger: SimulatorLedger, intentId: string, outcome: Answered): Promise<Response> => {
  const { answer, isFirst, isReplayed } = outcome;
  const intent = isFirst && !answer.isUnkept ? await ledger.get(intentId) : null;
  const isLost = intent !== null && testCards[intent.paymentMethod]?.fault === "answersLost";
  return isLost ? brokenOff() : answered(answer, { isReplayed });
};

/** As far as an answer gets whose connection breaks. */
const brokenOff = (): Response => new Response('{"id":"', { headers: { "content-type": "application/json" } });

/** Until nobody listens any more. */
const silence = ({ req }: Context): Promise<Response> =>
  new Promise((resolve) => {
    const { signal } = req.raw;
    const end = () => resolve(new Response(null, { status: 504 }));
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
