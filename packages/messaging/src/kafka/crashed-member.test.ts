import { createRequire } from "node:module";
import { expect, test } from "vitest";

/** Of the driver's own parts, which have no types: see `patches/README.md`. */
const createConsumer = createRequire(import.meta.resolve("kafkajs"))("./src/consumer/index.js");

const logger = { debug() {}, warn() {}, info() {}, error() {}, namespace: () => logger };

/** A member that crashes as soon as it runs, among brokers that are left as is said. */
const crash = async (disconnect: () => Promise<void>) => {
  const crashed = Promise.withResolvers<{ error: Error; restart: boolean }>();
  const cluster = {
    async connect() {
      throw new Error("the broker is gone");
    },
    disconnect,
  };
  const member = createConsumer({ cluster, groupId: "tests", logger, retry: { restartOnFailure: async () => false } });
  member.on(member.events.CRASH, ({ payload }: { payload: { error: Error; restart: boolean } }) => crashed.resolve(payload));
  await member.run({ eachBatch: async () => {} });
  return crashed.promise;
};

test.each([
  ["never ends", () => new Promise<void>(() => {})],
  ["fails", () => Promise.reject(new Error("a socket can't be closed"))],
])("a member that crashes says so, also where its leaving the brokers %s", async (_, disconnect) => {
  expect(await crash(disconnect)).toMatchObject({ error: { message: "the broker is gone" }, restart: false });
});
