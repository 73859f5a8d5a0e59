import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { startKafka } from "./kafka.ts";
import { kafkaBrokersSeen } from "./kafka-brokers-seen.ts";

test("a broker answers, dies by a kill, and answers again on the same port", async () => {
  let jvm = 0;
  {
    await using kafka = await startKafka();
    const [broker] = kafka.brokers;
    if (!broker) throw new Error("a cluster has a broker");
    jvm = broker.pid ?? 0;
    await broker.kill();
    expect(broker.pid).toBeUndefined();
    await expect(kafkaBrokersSeen(broker.port)).rejects.toThrow();
    await broker.start();
    expect(await kafkaBrokersSeen(broker.port)).toEqual([1]);
    jvm = broker.pid ?? 0;
  }
  expect(existsSync(`/proc/${jvm}`)).toBe(false);
});
