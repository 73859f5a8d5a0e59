import type { TrackedProcess } from "@cartwright/testkit/spawn-tracked";
import { until } from "@cartwright/testkit/until";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answers, type Checkout, freshCheckout } from "./start-checkout.ts";
import { processOf, roles } from "./start-roles.ts";

let checkout: Checkout;
/** Each test ends it in its own way and leaves a new one to the next. */
let running: TrackedProcess;
beforeAll(async () => {
  checkout = await freshCheckout();
  running = await checkout.start();
}, 120_000);
afterAll(() => checkout[Symbol.asyncDispose](), 60_000);

test.each(roles)(
  "kill -9 of %s leaves nothing behind, and the next start finds what was there",
  async (role) => {
    await checkout.remember(role);
    process.kill(processOf(role, running.pid).pid, "SIGKILL");
    await checkout.quiet();
    running = await checkout.start();
    expect(await checkout.remembered()).toContain(role);
  },
  60_000,
);

test("kill -9 of everything at once, with the database busy, is recovered from by the next start", async () => {
  await checkout.remember("before the crash");
  const busy = await keepBusy();
  for (const { pid, command } of checkout.processes()) if (!isWorker(command)) process.kill(pid, "SIGKILL");
  await until(() => checkout.processes().every(({ pid }) => pid === busy));
  expect(checkout.processes()).toHaveLength(1);
  running = await checkout.start();
  expect(checkout.processes().map(({ pid }) => pid)).not.toContain(busy);
  expect(await checkout.remembered()).toContain("before the crash");
}, 60_000);

test("kill -9 of the system with the database busy leaves nothing behind", async () => {
  await keepBusy();
  process.kill(processOf("the system itself", running.pid).pid, "SIGKILL");
  await checkout.quiet();
  running = await checkout.start();
}, 60_000);

test("a worker of PostgreSQL that is killed is replaced, and everything goes on", async () => {
  const worker = () => checkout.processes().find(({ command }) => command[0]?.startsWith("postgres: walwriter"))?.pid;
  await checkout.remember("before the worker died");
  const killed = await until(worker);
  process.kill(killed, "SIGKILL");
  await until(() => ![undefined, killed].includes(worker()));
  expect(await until(checkout.remembered)).toContain("before the worker died");
  expect(await answers(checkout.port)).toBe(true);
}, 60_000);

const isWorker = (command: readonly string[]) => command[0]?.startsWith("postgres: ") ?? false;

/** A backend that is too busy to notice that its server has died; answers its pid. */
const keepBusy = async (): Promise<number> => {
  const { promise: pid, resolve } = Promise.withResolvers<number>();
  const busy = checkout.ask(async (sql) => {
    const [row] = await sql`select pg_backend_pid() as pid`;
    resolve(row?.pid);
    await sql`do $$ begin loop null; end loop; end $$`;
  });
  // It ends with the server, and not by an answer.
  busy.catch(() => {});
  const found = await pid;
  await until(() => checkout.ask((sql) => sql`select 1 / count(*)::int from pg_stat_activity where pid = ${found} and state = 'active'`));
  return found;
};
