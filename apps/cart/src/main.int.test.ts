import { join } from "node:path";
import { freePort } from "@cartwright/testkit/free-port";
import { spawnTracked } from "@cartwright/testkit/spawn-tracked";
import { testDatabase } from "@cartwright/testkit/test-database";
import { until } from "@cartwright/testkit/until";
import { expect, test } from "vitest";
import { prepareDatabase } from "./testing/prepare-database.ts";

const main = join(import.meta.dirname, "main.ts");
const cwd = import.meta.dirname;

test("the service is a process of its own: it is ready, tells its numbers to operators alone, and ends cleanly on SIGTERM", async () => {
  await using db = await testDatabase({ prepare: prepareDatabase });
  const { host, port, database, user, username, password } = db.options;
  const [CART_PORT, ADMIN_PORT] = [String(await freePort()), String(await freePort())];
  const env = {
    PATH: process.env.PATH,
    HOST: "127.0.0.1",
    CART_PORT,
    ADMIN_PORT,
    POSTGRES_CONNECTION_STRING: `Host=${host};Port=${port ?? 5432};Database=${database};Username=${user ?? username};Password=${password ?? ""}`,
  };
  await using cart = spawnTracked([process.execPath, main], { cwd, env });
  const get = async (where: string, path: string) => (await fetch(`http://127.0.0.1:${where}${path}`)).status;
  await until(async () => (await get(CART_PORT, "/health/ready")) === 200, { timeoutMs: 20_000 });
  expect(await get(CART_PORT, "/metrics")).toBe(404);
  const metrics = await (await fetch(`http://127.0.0.1:${ADMIN_PORT}/metrics`)).text();
  expect(metrics).toContain("cartwright_consumer_lag");
  expect(await get(ADMIN_PORT, "/health")).toBe(200);
  process.kill(cart.pid, "SIGTERM");
  expect(await cart.exited).toBe(0);
}, 40_000);

test("what is wrong with its configuration is told whole, and nothing starts", async () => {
  await using cart = spawnTracked([process.execPath, main], {
    cwd,
    env: { PATH: process.env.PATH, CART_PORT: "much", DEFAULT_CURRENCY: "XXX" },
  });
  expect(await cart.exited).toBe(1);
  const output = await until(() => cart.output().includes("POSTGRES_CONNECTION_STRING") && cart.output());
  for (const variable of ["CART_PORT", "DEFAULT_CURRENCY", "POSTGRES_CONNECTION_STRING"]) expect(output).toContain(variable);
}, 20_000);
