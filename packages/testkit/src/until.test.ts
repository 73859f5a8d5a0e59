import { expect, test } from "vitest";
import { until } from "./until.ts";

test("what holds at once is answered at once", async () => {
  expect(await until(() => "here")).toBe("here");
});

test("what comes to hold is waited for, also past errors", async () => {
  let asked = 0;
  const found = await until(async () => {
    asked += 1;
    if (asked === 1) throw new Error("away");
    return asked > 3 && asked;
  });
  expect(found).toBe(4);
});

test("what never holds fails with its name and the last error", async () => {
  const cause = new Error("still away");
  const waiting = until(() => Promise.reject(cause), { timeoutMs: 5, what: "the server" });
  await expect(waiting).rejects.toMatchObject({ message: "the server did not hold within 5 ms", cause });
});
