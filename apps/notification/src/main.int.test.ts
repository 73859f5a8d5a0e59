import { join } from "node:path";
import { freePort } from "@cartwright/testkit/free-port";
import { spawnTracked } from "@cartwright/testkit/spawn-tracked";
import { testDatabase } from "@cartwright/testkit/test-database";
import { until } from "@cartwright/testkit/until";
import { expect, test } from "vitest";

const main = join(import.meta.dirname, "main.ts");
const cwd = import.meta.dirname;

test("the service is a process of its own: it lives without the cart and says that it waits for it, and ends cleanly on SIGTERM", async () => {
  await using db = await testDatabase();
  const { host, port, database, user, username, password } = db.options;
  const [NOTIFICATION_PORT, ADMIN_PORT, nobody] = [String(await freePort()), String(await freePort()), await freePort()];
  const env = {
    PATH: process.env.PATH,
    HOST: "127.0.0.1",
    NOTIFICATION_PORT,
    ADMIN_PORT,
    CART_URL: `http://127.0.0.1:${nobody}`,
    POSTGRES_CONNECTION_STRING: `Host=${host};Port=${port ?? 5432};Database=${database};Username=${user ?? username};Password=${password ?? ""}`,
  };
  await using notification = spawnTracked([process.execPath, main], { cwd, env });
  const get = async (where: string, path: string) => (await fetch(`http://127.0.0.1:${where}${path}`)).status;
  await until(async () => (await get(NOTIFICATION_PORT, "/health/live")) === 200, { timeoutMs: 20_000 });
  expect(await get(NOTIFICATION_PORT, "/health/ready")).toBe(503);
  const report = await (await fetch(`http://127.0.0.1:${ADMIN_PORT}/health`)).text();
  expect(report).toContain("waits for the log of cart");
  expect(await get(NOTIFICATION_PORT, "/metrics")).toBe(404);
  expect(await get(ADMIN_PORT, "/metrics")).toBe(200);
  process.kill(notification.pid, "SIGTERM");
  expect(await notification.exited).toBe(0);
}, 40_000);
