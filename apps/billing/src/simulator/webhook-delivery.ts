import { backoffMs } from "@cartwright/messaging/backoff";
import { type PollWorker, pollWorker } from "@cartwright/messaging/poll-worker";
import type { Logger } from "@cartwright/service-kit/logger";
import type { DueEvent, SimulatorLedger } from "./simulator-ledger.ts";
import { stripeSignature } from "./stripe-signature.ts";

export type WebhookDeliveryOptions = {
  readonly ledger: SimulatorLedger;
  /** The service's webhook. */
  readonly send: (request: Request) => Response | Promise<Response>;
  readonly url: string;
  readonly secret: string;
  readonly now: () => Date;
  /** Lets happen what happens by itself, of which it may have to tell. */
  readonly passTime?: () => Promise<void>;
  readonly logger: Logger;
};

export type WebhookDelivery = PollWorker & {
  /** Sends what is due and waits for it. */
  deliver(): Promise<void>;
};

/** Tells the service what happens at the simulator, signed as Stripe signs, again and again until it has heard. */
export const webhookDelivery = ({
  ledger,
  send,
  url,
  secret,
  now,
  passTime = async () => {},
  logger,
}: WebhookDeliveryOptions): WebhookDelivery => {
  const post = async (event: DueEvent): Promise<boolean> => {
    const payload = JSON.stringify(shownEvent(event));
    const signature = await stripeSignature({ payload, secret, at: now() });
    const headers = { "content-type": "application/json", "stripe-signature": signature };
    return (await send(new Request(url, { method: "POST", body: payload, headers }))).ok;
  };
  const run = async (event: DueEvent): Promise<void> => {
    let isHeard = false;
    try {
      for (let copy = 0; copy < event.copies; copy++) isHeard = await post(event);
    } catch (err) {
      logger.warn({ err, event: event.id }, "the simulator's webhook was not heard");
    }
    const again =
      event.attempt < MOST_ATTEMPTS ? new Date(now().getTime() + backoffMs(event.attempt, { baseMs: 500, maxMs: 3_600_000 })) : null;
    await ledger.settleEvent(event.id, isHeard ? null : again).catch((err) => logger.warn({ err, event: event.id }, "it is sent again"));
  };
  const take = (limit: number) => ledger.takeEvents(now(), { until: new Date(now().getTime() + LEASE_MS), limit });
  const worker = pollWorker<DueEvent>({
    name: "the simulator's webhooks",
    async take(limit) {
      await passTime();
      return { taken: await take(limit), nextAt: null };
    },
    run,
    concurrency: 8,
    maxPollMs: 250,
  });
  return {
    ...worker,
    async deliver() {
      await Promise.all((await take(100)).map(run));
    },
  };
};

const LEASE_MS = 30_000;

/** Stripe gives up after three days. */
const MOST_ATTEMPTS = 80;

const shownEvent = ({ id, type, object, createdAt }: DueEvent) => ({
  ...{ id, object: "event", type, data: { object } },
  created: Math.floor(createdAt.getTime() / 1_000),
  livemode: false,
  pending_webhooks: 1,
  request: { id: null, idempotency_key: null },
});
