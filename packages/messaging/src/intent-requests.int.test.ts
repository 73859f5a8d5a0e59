import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { testDatabase } from "@cartwright/testkit/test-database";
import { until } from "@cartwright/testkit/until";
import { expect, test } from "vitest";
import { intentRequests } from "./intent-requests.ts";
import { logFeed } from "./log-feed.ts";
import { serviceDatabase } from "./testing/service-database.ts";

const schema = "billing";

test("what the events of one flush ask for is asked for in the trace of each of them", async () => {
  await using database = await serviceDatabase(schema, testDatabase);
  const { sql } = database;
  const log = inMemoryEventLog({ name: schema, shards: 1 });
  const purchases = ["1", "2"].map((digit) => ({
    streamId: `payment-${digit}`,
    traceparent: `00-${digit.repeat(32)}-${digit.repeat(16)}-01`,
  }));
  for (const { streamId, traceparent } of purchases) {
    const event = { eventId: crypto.randomUUID(), type: "PaymentRequested", schemaVersion: 1, data: {}, metadata: { traceparent } };
    const command = { key: streamId, fingerprint: streamId, eventCount: 1 };
    await log.append({ commands: [command], streams: [{ streamId, expect: "noStream", events: [event] }] });
  }
  const flushes: number[] = [];
  await using requests = intentRequests({
    ...{ group: "billing.provider-calls", feed: logFeed({ log, shared: false }), sql, schema, service: "billing" },
    decode: ({ type, streamId }) => ({ type, streamId }),
    requestOf: ({ streamId }) => ({ id: streamId, kind: "authorize", payload: {} }),
    worker: { wake() {} },
    now: () => new Date(0),
    around(events, call) {
      flushes.push(events.length);
      return call();
    },
  });
  await requests.start();
  const intents = () => sql<{ streamId: string; traceparent: string }[]>`
    select stream_id as "streamId", metadata->>'traceparent' as traceparent from ${sql(schema)}.intent order by id`;
  await until(async () => (await intents()).length === 2);
  expect([...(await intents())]).toEqual(purchases);
  expect(flushes).toEqual([2]);
}, 30_000);
