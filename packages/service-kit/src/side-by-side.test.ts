import { expect, test } from "vitest";
import { sideBySide } from "./side-by-side.ts";

test("all are given back at once, each once, and the slowest is waited for", async () => {
  const events: string[] = [];
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const held = sideBySide();
  for (const [index, { promise }] of gates.entries())
    held.use({
      async [Symbol.asyncDispose]() {
        events.push(`closing ${index}`);
        await promise;
        events.push(`closed ${index}`);
      },
    });
  const disposed = Promise.all([held[Symbol.asyncDispose](), held[Symbol.asyncDispose]()]).then(() => events.push("done"));
  expect(events).toEqual(["closing 0", "closing 1"]);
  gates[1]?.resolve();
  await gates[1]?.promise;
  gates[0]?.resolve();
  await disposed;
  expect(events.slice(2)).toEqual(["closed 1", "closed 0", "done"]);
});

test("one that fails keeps no other from being given back, and is told", async () => {
  const closed: string[] = [];
  const held = sideBySide();
  held.use({
    [Symbol.asyncDispose]: () => {
      throw new Error("no disk");
    },
  });
  held.use({ [Symbol.asyncDispose]: async () => void closed.push("log") });
  await expect(held[Symbol.asyncDispose]()).rejects.toThrow("no disk");
  expect(closed).toEqual(["log"]);
});
