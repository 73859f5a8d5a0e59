import { type TestDatabase, testDatabase } from "@cartwright/testkit/test-database";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { answers, type Checkout, freshCheckout } from "./start-checkout.ts";

let checkout: Checkout;
beforeAll(async () => {
  checkout = await freshCheckout();
});
afterAll(() => checkout[Symbol.asyncDispose](), 60_000);

const stop = async (running: { signalGroup(signal: NodeJS.Signals): void; exited: Promise<unknown> }) => {
  running.signalGroup("SIGINT");
  await running.exited;
  await checkout.quiet();
};

describe("npx --yes bun@1.4.4 start, on a fresh clone", () => {
  test("installs, starts everything, answers, and says where to look and what to paste", async () => {
    await using running = await checkout.start();
    expect(running.output()).toContain("Installing");
    expect(running.output()).toContain(`http://localhost:${checkout.port}/docs`);
    expect(running.output()).toContain(`curl -s -X POST http://localhost:${checkout.port}/api/auth/guest`);
    await stop(running);
  }, 120_000);

  test("finds its data again at the next start, and says nothing but where to look", async () => {
    {
      await using running = await checkout.start();
      await checkout.remember("a cart of yesterday");
      await stop(running);
    }
    await using running = await checkout.start();
    expect(await checkout.remembered()).toEqual(["a cart of yesterday"]);
    expect(ownLines(running.output())[0]).toMatch(/^ *Cartwright runs/);
    await stop(running);
  }, 60_000);

  test("begins anew with --reset", async () => {
    await using running = await checkout.start({ args: ["--reset"] });
    expect(await checkout.remembered()).toEqual([]);
    await stop(running);
  }, 60_000);

  test("needs no network once it is installed", async () => {
    await using running = await checkout.start({ environment: NO_NETWORK });
    await stop(running);
  }, 20_000);
});

describe("a second start", () => {
  test("in the same checkout is refused in one line, and the first goes on", async () => {
    await using running = await checkout.start();
    await checkout.remember("of the first");
    await using second = checkout.launch();
    expect(await second.exited).toBe(1);
    const line = await second.line(/already running in this checkout, as process \d+/);
    expect(ownLines(second.output())).toEqual([line]);
    expect(await answers(checkout.port)).toBe(true);
    expect(await checkout.remembered()).toEqual(["of the first"]);
    await stop(running);
  }, 60_000);

  test("with --reset clears nothing of the first", async () => {
    await using running = await checkout.start();
    await using second = checkout.launch({ args: ["--reset"] });
    expect(await second.exited).toBe(1);
    expect(await checkout.remembered()).toEqual(["of the first"]);
    await stop(running);
  }, 60_000);

  test("of two at once, one runs", async () => {
    await using one = checkout.launch();
    await using other = checkout.launch();
    const refused = await Promise.race([one.exited.then(() => one), other.exited.then(() => other)]);
    const running = refused === one ? other : one;
    await refused.line(/already running/);
    await running.line(/Cartwright runs/);
    expect(await answers(checkout.port)).toBe(true);
    await stop(running);
  }, 60_000);
});

describe("with a PostgreSQL of one's own", () => {
  test("it is used, and no other is started", async () => {
    await using database = await testDatabase();
    await using running = await checkout.start({ environment: { POSTGRES_CONNECTION_STRING: connectionString(database) } });
    expect(running.output()).toContain("your PostgreSQL");
    expect(checkout.processes().filter(({ command }) => command[0]?.includes("postgres"))).toEqual([]);
    await stop(running);
  }, 60_000);

  test("--reset is refused: that database is not ours to clear", async () => {
    await using database = await testDatabase();
    const environment = { POSTGRES_CONNECTION_STRING: connectionString(database) };
    await using refused = checkout.launch({ args: ["--reset"], environment });
    expect(await refused.exited).toBe(1);
    expect(ownLines(refused.output())).toEqual([await refused.line(/^cartwright: --reset .*POSTGRES_CONNECTION_STRING/)]);
  }, 60_000);

  test("that is away ends the start in one line that names the variable", async () => {
    await using running = checkout.launch({ environment: { POSTGRES_CONNECTION_STRING: "postgres://u:p@127.0.0.1:1/x" } });
    expect(await running.exited).toBe(1);
    const line = await running.line(/^cartwright: PostgreSQL: .*ECONNREFUSED.*POSTGRES_CONNECTION_STRING/);
    expect(ownLines(running.output()).filter((each) => !each.startsWith("Installing"))).toEqual([line]);
  }, 60_000);
});

test("--help says what start takes, and starts nothing", async () => {
  await using running = checkout.launch({ args: ["--help"] });
  expect(await running.exited).toBe(0);
  expect(running.output()).toContain("--reset  begins with an empty database");
  expect(running.output()).not.toContain("Cartwright runs");
}, 60_000);

test("a taken port is one line that names the port and the variable that changes it", async () => {
  using _taken = Bun.serve({ port: checkout.port, fetch: () => new Response("somebody else's") });
  await using running = checkout.launch();
  expect(await running.exited).toBe(1);
  const line = await running.line(/^cartwright: /);
  expect(line).toContain(String(checkout.port));
  expect(line).toContain("CART_PORT");
  expect(ownLines(running.output())).toEqual([line]);
  await checkout.quiet();
}, 60_000);

test("a wrong configuration is one line that names the variable", async () => {
  await using running = checkout.launch({ environment: { CART_PORT: "many" } });
  expect(await running.exited).toBe(1);
  expect(await running.line(/CART_PORT/)).toBeTruthy();
}, 60_000);

const connectionString = ({ options: { host, port, user, password, database } }: TestDatabase) =>
  `Host=${host};Port=${port};Username=${user};Password=${password};Database=${database}`;

/** Every request goes to a proxy that is not there, and nothing was cached by Bun. */
const nowhere = "http://127.0.0.1:9";
const NO_NETWORK = {
  ...{ http_proxy: nowhere, https_proxy: nowhere, HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere, no_proxy: "", NO_PROXY: "" },
  ...{ npm_config_proxy: nowhere, npm_config_https_proxy: nowhere, npm_config_noproxy: "" },
  BUN_INSTALL_CACHE_DIR: "/nonexistent",
};

/** What npm says about its own configuration is not ours. */
const ownLines = (output: string) => output.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("npm "));
