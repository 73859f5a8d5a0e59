import { expect, test } from "vitest";
import { shareServers } from "./shared-servers.ts";

test("the first that asks starts the server, and all get its address", async () => {
  let starts = 0;
  const kafka = async () => {
    starts += 1;
    return "127.0.0.1:9092";
  };
  await using servers = shareServers({ kafka });
  const ask = async () => (await fetch(`${servers.url}/kafka`)).text();
  expect(starts).toBe(0);
  expect(await Promise.all([ask(), ask()])).toEqual(["127.0.0.1:9092", "127.0.0.1:9092"]);
  expect(await ask()).toBe("127.0.0.1:9092");
  expect(starts).toBe(1);
});

test("what cannot be started is told with its reason, to each that asks, and is not tried again", async () => {
  let starts = 0;
  const kafka = () => {
    starts += 1;
    return Promise.reject(new Error("there is no java"));
  };
  await using servers = shareServers({ kafka });
  for (const _ of [1, 2]) {
    const answer = await fetch(`${servers.url}/kafka`);
    expect({ status: answer.status, text: await answer.text() }).toEqual({ status: 503, text: "there is no java" });
  }
  expect(starts).toBe(1);
});

test("a name that is none is not found", async () => {
  await using servers = shareServers({});
  expect((await fetch(`${servers.url}/mongo`)).status).toBe(404);
});
