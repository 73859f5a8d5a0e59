import type { ConsumerStatus, ShardStatus } from "@cartwright/messaging/consumer-status";
import { expect, test } from "vitest";
import { projectionHealth } from "./projection-health.ts";

const mark = { epoch: "e", position: 1n, eventId: null };
const flowing: ShardStatus = { shard: 0, mark, parkedStreams: 0, state: "flowing" };
const retrying: ShardStatus = { shard: 1, mark, parkedStreams: 2, state: "retrying", until: new Date(0), reason: "the database is away" };
const stopped: ShardStatus = { shard: 2, mark, parkedStreams: 0, state: "stopped", cause: "diverged", reason: "the log ends at 1" };

const answer = (status: Partial<ConsumerStatus>) =>
  projectionHealth({
    consumer: { lag: async () => [], status: () => ({ group: "g", log: "cart", running: true, shards: [], ...status }) },
  }).check();

test.each<[string, Partial<ConsumerStatus>, boolean, string]>([
  ["flows", { shards: [flowing] }, true, "1 shards, 0 parked streams"],
  ["waits for a database", { shards: [flowing, retrying] }, true, "2 shards, 2 parked streams; shard 1 retrying: the database is away"],
  ["has no shard, since others have them", {}, true, "0 shards, 0 parked streams"],
  ["stands still", { shards: [flowing, stopped] }, true, "2 shards, 0 parked streams; shard 2 stopped: the log ends at 1"],
  ["does not run", { running: false }, false, "it does not run"],
])("a projection that %s", (_what, status, ok, detail) => expect(answer(status)).toEqual({ ok, detail }));
