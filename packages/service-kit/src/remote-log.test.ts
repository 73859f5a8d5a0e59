import superjson from "superjson";
import { expect, test } from "vitest";
import { readStream, StreamRead } from "./log-procedures.ts";
import { type RemoteEvent, remoteLog } from "./remote-log.ts";

const events = Array.from(
  { length: 1_200 },
  (_, index): RemoteEvent => ({
    ...{ eventId: `event-${index}`, type: "Counted", schemaVersion: 1, data: { index }, metadata: {} },
    ...{ streamId: "cart-1", version: index + 1, shard: 3, position: BigInt(index + 1), recordedAt: new Date(index) },
  }),
);

/** The log's owner, as it answers over tRPC. */
const owner = () => {
  const asked: StreamRead[] = [];
  const log = {
    readStream: async (streamId: string, { after, limit }: { after: number; limit: number }) =>
      events.filter((event) => event.streamId === streamId && event.version > after).slice(0, limit),
  };
  const answer = async (url: URL): Promise<unknown> => {
    if (url.pathname.endsWith("/log.heads")) return { name: "cart", shards: 16, epoch: "an epoch", heads: [] };
    const input = StreamRead.parse(superjson.parse(url.searchParams.get("input") ?? ""));
    asked.push(input);
    return readStream(log, input);
  };
  const fetch = async (url: string) => Response.json({ result: { data: superjson.serialize(await answer(new URL(url))) } });
  return { asked, remote: () => remoteLog({ url: "http://cart", token: async () => "a token", fetch }) };
};

test("a stream of another service is read whole, a page after another", async () => {
  const { asked, remote } = owner();
  expect(await (await remote()).readStream("cart-1")).toEqual(events);
  expect(asked.map(({ after }) => after)).toEqual([0, 500, 1_000]);
});

test("no more is asked for than is wanted, and what is known is left out", async () => {
  const { asked, remote } = owner();
  const log = await remote();
  expect((await log.readStream("cart-1", { after: 7, limit: 3 })).map(({ version }) => version)).toEqual([8, 9, 10]);
  expect((await log.readStream("cart-1", { after: 100, limit: 500 })).length).toBe(500);
  expect(await log.readStream("cart-2")).toEqual([]);
  expect(asked.map(({ after, limit }) => [after, limit])).toEqual([
    [7, 3],
    [100, 500],
    [0, 500],
  ]);
});
