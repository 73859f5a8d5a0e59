import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { until } from "@cartwright/testkit/until";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answers, type Checkout, freshCheckout } from "./start-checkout.ts";
import { processOf, roles } from "./start-roles.ts";

let checkout: Checkout;
beforeAll(async () => {
  checkout = await freshCheckout();
}, 60_000);
afterAll(() => checkout[Symbol.asyncDispose](), 60_000);

test("Ctrl-C ends everything", async () => {
  await using running = await checkout.start();
  running.signalGroup("SIGINT");
  await checkout.quiet();
}, 120_000);

test("a terminal that is closed ends everything", async () => {
  await using running = await checkout.start();
  running.signalGroup("SIGHUP");
  await checkout.quiet();
}, 60_000);

test.each(roles)(
  "SIGTERM to %s ends everything",
  async (role) => {
    await using running = await checkout.start();
    process.kill(processOf(role, running.pid).pid, "SIGTERM");
    await checkout.quiet();
  },
  60_000,
);

test("SIGTERM to npx while everything is still starting ends everything", async () => {
  await using launched = checkout.launch();
  await until(() => processOf("bun run", launched.pid));
  process.kill(launched.pid, "SIGTERM");
  await launched.exited;
  await checkout.quiet();
}, 60_000);

test("Ctrl-C while it makes its data ends everything, and the next start is a first one", async () => {
  await using launched = checkout.launch({ args: ["--reset"] });
  await until(() => readdirSync(join(checkout.folder, ".data/postgres")).some((name) => name.startsWith("data.new-")), {
    timeoutMs: 30_000,
  });
  launched.signalGroup("SIGINT");
  await launched.exited;
  await checkout.quiet();
  expect(launched.output()).not.toContain("cartwright: ");
  await using running = await checkout.start();
  running.signalGroup("SIGINT");
  await checkout.quiet();
}, 60_000);

test("what a script started with nohup goes on when the script ends", async () => {
  // A Bun of one's own: one out of npx's cache takes the end of what is above it for the end of npx.
  const bin = join(checkout.folder, ".bin");
  mkdirSync(bin);
  copyFileSync(process.execPath, join(bin, "bun"));
  const script = join(checkout.folder, "in-background.sh");
  writeFileSync(script, `PATH='${bin}':$PATH nohup bun start > background.log 2>&1 &\n`);
  await using ended = checkout.launch({ command: ["bash", script] });
  expect(await ended.exited).toBe(0);
  await until(() => answers(checkout.port), { timeoutMs: 40_000, what: "the start in the background" });
  const [bunRun] = checkout.processes().filter(({ command }) => command.includes("start"));
  expect(bunRun?.parent).not.toBe(ended.pid);
  // It looks after its launchers four times a second.
  await setTimeout(1_000);
  expect(await answers(checkout.port)).toBe(true);
  process.kill(bunRun?.pid ?? 0, "SIGTERM");
  await checkout.quiet();
}, 60_000);
