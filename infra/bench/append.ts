import type { EventLog } from "@cartwright/event-log/event-log";
import { openPostgresEventLog } from "@cartwright/event-log/postgres/open-event-log";
import postgres from "postgres";
import type { Benchmark } from "./benchmark.ts";

/** One command each: its idempotency key, its expectation, one event of a cart's size. */
const appendOne = async (log: EventLog): Promise<void> => {
  const cartId = crypto.randomUUID();
  const result = await log.append({
    commands: [
      {
        key: `guest-${crypto.randomUUID()}/cart-${cartId}/${crypto.randomUUID()}`,
        fingerprint: '{"productId":"prod-456","quantity":1}',
        eventCount: 1,
      },
    ],
    streams: [{ streamId: `cart-${cartId}`, expect: "noStream", events: [itemAdded(cartId)] }],
  });
  if (result.outcome !== "appended") throw new Error(`not appended: ${result.outcome}`);
};

const itemAdded = (cartId: string) => ({
  eventId: crypto.randomUUID(),
  type: "ItemAddedToCart",
  schemaVersion: 2,
  data: {
    cartId,
    productId: "prod-456",
    product: { name: "Gaming Laptop", category: "Computers", image: "/products/prod-456.svg" },
    quantity: 1,
    unitPrice: { amountMinor: 25_000_000, currency: "EUR" },
    addedAt: "2026-01-01T00:00:00.000Z",
  },
  metadata: { correlationId: cartId, actor: { subject: `guest-${cartId}`, kind: "guest" } },
});

const append = (inFlight: number): Benchmark => ({
  name: `append in process, ${inFlight} at once`,
  unit: "commands",
  run: async ({ database, measure }) => {
    await using log = await openPostgresEventLog({ connection: await database(), schema: "cart", wakeUps: "in-process" });
    return await measure({ inFlight, operation: () => appendOne(log) });
  },
});

const appendUnderSnapshot: Benchmark = {
  name: "append in process, 256 at once, while a snapshot is held open",
  unit: "commands",
  run: async ({ database, measure }) => {
    const connection = await database();
    await using log = await openPostgresEventLog({ connection, schema: "cart", wakeUps: "in-process" });
    const reader = postgres({ ...connection, max: 1 });
    const over = Promise.withResolvers<void>();
    const held = reader.begin("isolation level repeatable read", async (tx) => {
      await tx`select count(*) from cart.event`;
      await over.promise;
    });
    try {
      return await measure({ inFlight: 256, operation: () => appendOne(log) });
    } finally {
      over.resolve();
      await held;
      await reader.end();
    }
  },
};

export const appendBenchmarks: readonly Benchmark[] = [...[1, 32, 256].map(append), appendUnderSnapshot];
