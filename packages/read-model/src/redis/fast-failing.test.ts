import { expect, test } from "vitest";
import { fastFailing } from "./fast-failing.ts";
import { redisError } from "./redis-errors.ts";

const away = new TypeError("the connection was refused");
const refused = Object.assign(new Error("OOM command not allowed"), { name: "UpstashError" });

/** A server that does what the test says, and a clock that the test moves. */
const bench = () => {
  let time = 0;
  let requests = 0;
  let behave: () => Promise<unknown> = async () => ({ result: "yes" });
  const requester = fastFailing(
    {
      request: async <Result>() => {
        requests += 1;
        return (await behave()) as { result?: Result };
      },
    },
    () => time,
  );
  return {
    ask: () => requester.request({ body: ["GET", "x"] }),
    requests: () => requests,
    pass: (ms: number) => {
      time += ms;
    },
    say: (next: () => Promise<unknown>) => {
      behave = next;
    },
  };
};

test("while nothing answers, one request in a while finds out about it and the others fail at once", async () => {
  const { ask, requests, pass, say } = bench();
  say(() => Promise.reject(away));
  expect(await ask().catch((error) => error)).toBe(away);
  const error = redisError(await ask().catch((thrown) => thrown));
  expect(error).toMatchObject({ name: "RedisUnavailable", retryable: true, cause: away });
  expect(requests()).toBe(1);

  pass(100);
  const hanging = Promise.withResolvers<unknown>();
  say(() => hanging.promise);
  const trial = ask();
  for (let time = 0; time < 3; time++) expect(await ask().catch(({ name }) => name)).toBe("RedisUnavailable");
  expect(requests()).toBe(2);
  hanging.resolve({ result: "back" });
  expect(await trial).toEqual({ result: "back" } as never);
  expect(await Promise.all([ask(), ask()])).toHaveLength(2);
  expect(requests()).toBe(4);
});

test("the pause grows while nobody answers, and is short again after an answer", async () => {
  const { ask, requests, pass, say } = bench();
  say(() => Promise.reject(away));
  await ask().catch(() => {});
  pass(100);
  await ask().catch(() => {});
  pass(100);
  await ask().catch(() => {});
  expect(requests()).toBe(2);
  pass(100);
  say(async () => ({ result: "back" }));
  await ask();
  say(() => Promise.reject(away));
  await ask().catch(() => {});
  pass(100);
  await ask().catch(() => {});
  expect(requests()).toBe(5);
});

test("a server that says no is there", async () => {
  const { ask, requests, say } = bench();
  say(() => Promise.reject(refused));
  for (let time = 0; time < 3; time++) expect(await ask().catch((error) => error)).toBe(refused);
  expect(requests()).toBe(3);
});
