import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startCart } from "@cartwright/cart/compose";
import { cartConfig } from "@cartwright/cart/config";
import { parseConfig } from "@cartwright/service-kit/config";
import { silentLogger } from "@cartwright/service-kit/logger";
import { type TestDatabase, testDatabase } from "@cartwright/testkit/test-database";
import { expect, test } from "vitest";
import { connectionOf, runOps } from "./testing/run-ops.ts";

const demonstration = "infra/catalogue/demonstration.json";

const startProcess = (db: TestDatabase) =>
  startCart({ config: parseConfig(cartConfig, { CART_PORT: "0", HOST: "127.0.0.1" }), postgres: db.options, logger: silentLogger });

const importFile = (path: string, environment: Record<string, string>) => runOps(["catalog", "import", path], environment);

test("a catalogue file is in the running system's catalogue, and importing it again changes nothing", async () => {
  await using db = await testDatabase();
  await using cart = await startProcess(db);
  const environment = { CART_URL: cart.url, POSTGRES_CONNECTION_STRING: connectionOf(db) };
  expect(await importFile(demonstration, environment)).toEqual({
    code: 0,
    stdout: "42 products, 42 changed, 0 as they were\n",
    stderr: "",
  });
  const page = await (await fetch(`${cart.url}/api/catalog?query=gaming+laptop`)).json();
  expect(page).toMatchObject({ items: [{ productId: "prod-456", price: { amountMinor: 25_000_000, currency: "VND" } }] });
  expect(await importFile(demonstration, environment)).toMatchObject({ code: 0, stdout: "42 products, 0 changed, 42 as they were\n" });
});

test("a file with bad rows names each of them, fails, and puts nothing", async () => {
  await using db = await testDatabase();
  await using cart = await startProcess(db);
  const folder = mkdtempSync(join(tmpdir(), "cartwright-ops-"));
  const path = join(folder, "bad.json");
  const good = { productId: "good", name: "Good", prices: [{ amountMinor: 1, currency: "VND" }] };
  writeFileSync(path, JSON.stringify({ products: [good, { ...good, productId: "bad", prices: [] }, good] }));
  const printed = await importFile(path, { CART_URL: cart.url, POSTGRES_CONNECTION_STRING: connectionOf(db) });
  expect(printed).toMatchObject({ code: 1, stdout: "" });
  expect(printed.stderr).toContain(`${path} was not imported: 2 faults`);
  expect(printed.stderr).toContain("row 2 (bad), prices: ");
  expect(printed.stderr).toContain("row 3 (good), productId: is in the file already");
  expect(await (await fetch(`${cart.url}/api/catalog`)).json()).toMatchObject({ items: [] });
  rmSync(folder, { recursive: true });
});

test("a shop file is what the running system quotes by, its faults are named, and importing it again changes nothing", async () => {
  await using db = await testDatabase();
  await using cart = await startProcess(db);
  const environment = { CART_URL: cart.url, POSTGRES_CONNECTION_STRING: connectionOf(db) };
  const folder = mkdtempSync(join(tmpdir(), "cartwright-ops-"));
  const path = join(folder, "bad.json");
  const standard = { shippingMethodId: "standard", name: "Standard", prices: [{ amountMinor: 1, currency: "VND" }] };
  writeFileSync(path, JSON.stringify({ shippingMethods: [standard, standard], stocks: [{ stockId: "mice", onHand: -1 }] }));
  const bad = await runOps(["shop", "import", path], environment);
  expect(bad).toMatchObject({ code: 1, stdout: "" });
  expect(bad.stderr).toContain(`${path} was not imported: 2 faults`);
  expect(bad.stderr).toContain("shippingMethods, row 2, shippingMethodId: is in the file already");
  expect(bad.stderr).toContain("stocks, row 1, onHand: ");
  rmSync(folder, { recursive: true });

  const events = async () =>
    (await db.sql`select from cart.event where type in ('CouponPut', 'ShippingMethodPut', 'TaxRatePut', 'StockAdjusted')`).length;
  expect(await events()).toBe(0);
  const shop = "infra/catalogue/demonstration-shop.json";
  const printed = { code: 0, stdout: "4 coupons, 2 shipping methods, 6 tax rates, 4 stocks are as the file says\n", stderr: "" };
  for (const _time of ["first", "again"]) {
    expect(await runOps(["shop", "import", shop], environment)).toEqual(printed);
    expect(await events()).toBe(16);
  }
}, 60_000);

test("ten thousand products are imported within a minute", async () => {
  await using db = await testDatabase();
  await using cart = await startProcess(db);
  const folder = mkdtempSync(join(tmpdir(), "cartwright-ops-"));
  const path = join(folder, "large.json");
  const products = Array.from({ length: 10_000 }, (_, index) => ({
    productId: `prod-${index}`,
    name: `Product ${index}`,
    description: "As good as the others.",
    prices: [{ amountMinor: 1_000 + index, currency: "VND" }],
  }));
  writeFileSync(path, JSON.stringify({ products }));
  const startedAt = performance.now();
  const printed = await importFile(path, { CART_URL: cart.url, POSTGRES_CONNECTION_STRING: connectionOf(db) });
  expect(printed).toMatchObject({ code: 0, stdout: "10000 products, 10000 changed, 0 as they were\n" });
  expect(performance.now() - startedAt).toBeLessThan(60_000);
  rmSync(folder, { recursive: true });
}, 120_000);

test.each<[string, readonly string[], RegExp]>([
  ["no file is named", ["catalog", "import"], /a file is missing/],
  ["there is no such file", ["catalog", "import", "nowhere.json"], /nowhere.json can't be read/],
  ["the file is no JSON", ["catalog", "import", "README.md"], /README.md can't be read/],
  ["nothing runs", ["catalog", "import", demonstration], /did not take the catalogue|can't be read/],
  ["a word is too many", ["rebuild", "cart-view", "check", "extra"], /extra is more than the command takes/],
  ["an option is misspelt", ["recover", "--aply"], /--aply is more than the command takes/],
  ["an option is none", ["restored", "--all"], /--all is no log/],
  ["what is to be rebuilt is not named", ["rebuild"], /what is to be rebuilt is missing: cart-view, /],
  ["an action is none, whatever runs", ["parked", "nonsense"], /nonsense is neither inspect, retry nor discard/],
  ["an action has no stream", ["parked", "retry", "catalog"], /a group, a log and a stream are missing/],
  ["PostgreSQL is away", ["parked"], /^cartwright: PostgreSQL: .*ECONNREFUSED.*POSTGRES_CONNECTION_STRING/],
  [
    "PostgreSQL is away, as a projection is rebuilt",
    ["rebuild", "figures", "check"],
    /^cartwright: PostgreSQL: .*POSTGRES_CONNECTION_STRING/,
  ],
])("when %s, one line says so", async (_, args, line) => {
  const printed = await runOps(args, { CART_URL: "http://127.0.0.1:1", POSTGRES_CONNECTION_STRING: "Host=127.0.0.1;Port=1" });
  expect(printed).toMatchObject({ code: 1, stdout: "" });
  expect(printed.stderr).toMatch(line);
  expect(printed.stderr.trimEnd().split("\n")).toHaveLength(1);
});

test("--help says what there is and what it does, of all commands or of one, and so does a command that there is not", async () => {
  const all = await runOps(["--help"], {});
  expect(all).toMatchObject({ code: 0, stderr: "" });
  expect(all.stdout).toMatch(/bun run ops catalog import FILE\n {6}puts the products/);
  expect(await runOps(["recover", "--help"], {})).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Usage:\n {2}bun run ops recover/),
  });
  const unknown = { code: 1, stdout: "", stderr: `cartwright: there is no such command\n${all.stdout}` };
  expect(await runOps(["catalog", "explode"], {})).toEqual(unknown);
});

test("marks that stand beyond a restored log are said, and moved back when the operator says so", async () => {
  await using db = await testDatabase();
  const environment = { POSTGRES_CONNECTION_STRING: connectionOf(db) };
  await (await startProcess(db))[Symbol.asyncDispose]();
  expect(await runOps(["recover"], environment)).toMatchObject({ code: 0, stdout: "0 marks stand beyond their log\n" });

  // What a group in a database of its own is left with when the log's is put back to before the group's last events.
  await db.sql`update cart.mark set position = 5, event_id = gen_random_uuid() where log = 'cart' and shard = 3`;
  const groups = await db.sql<{ name: string }[]>`select consumer_group as name from cart.mark where log = 'cart' and shard = 3 order by 1`;
  const line = (name: string, rest: string) => `${name} on cart, shard 3: the log ends at 0, before the mark at 5; ${rest}`;
  const beyond = groups.length === 1 ? "1 mark stands beyond its log" : `${groups.length} marks stand beyond their log`;
  const printed = (rest: string) => [...groups.map(({ name }) => line(name, rest)), beyond, ""].join("\n");

  const unsaid = "stays at 5: say first that the log was restored (bun run ops restored cart)";
  expect(await runOps(["recover", "--apply"], environment)).toEqual({ code: 0, stdout: printed(unsaid), stderr: "" });
  expect((await runOps(["restored", "cart"], environment)).stdout).toContain("in a new epoch: cart. ");
  expect((await runOps(["recover"], environment)).stdout).toBe(printed("would go back from 5 to 0"));
  expect((await runOps(["recover", "--apply"], environment)).stdout).toBe(printed("moved back from 5 to 0"));
  expect((await runOps(["recover"], environment)).stdout).toBe("0 marks stand beyond their log\n");
});

test("a log that does not exist is not said to be restored", async () => {
  await using db = await testDatabase();
  await (await startProcess(db))[Symbol.asyncDispose]();
  expect(await runOps(["restored", "carts"], { POSTGRES_CONNECTION_STRING: connectionOf(db) })).toEqual({
    code: 1,
    stdout: "",
    stderr: "cartwright: there is no log carts in this database; there are: cart\n",
  });
});

test("a parked stream is listed, looked into, asked for again, and an event of it given up with a reason", async () => {
  await using db = await testDatabase();
  const environment = { POSTGRES_CONNECTION_STRING: connectionOf(db) };
  await (await startProcess(db))[Symbol.asyncDispose]();
  const eventId = "5c6f4f0a-5a3e-4b60-9d8f-0d3b1c0f9a11";
  const laterId = "5c6f4f0a-5a3e-4b60-9d8f-0d3b1c0f9a12";
  expect(await runOps(["parked"], environment)).toEqual({ code: 0, stdout: "nothing is parked\n", stderr: "" });
  await db.sql`
    insert into cart.parked_stream (consumer_group, log, stream_id, shard, state, reason, attempts)
    values ('catalog', 'cart', 'product-1', 3, 'parked', 'TypeError: no price', 3)`;
  await db.sql`
    insert into cart.parked_event (consumer_group, log, epoch, stream_id, version, shard, position, event_id, type, schema_version, data, metadata, recorded_at)
    values ('catalog', 'cart', 'e', 'product-1', 1, 3, 1, ${eventId}, 'ProductListed', 1, '{"productId":"1"}', '{}', now()),
      ('catalog', 'cart', 'e', 'product-1', 2, 3, 2, ${laterId}, 'ProductListed', 1, '{"productId":"1"}', '{}', now())`;
  const stream = ["catalog", "cart", "product-1"];
  expect((await runOps(["parked"], environment)).stdout).toMatch(
    /^catalog cart product-1: parked since .*, 2 waiting, 3 attempts: TypeError: no price\n$/,
  );
  expect((await runOps(["parked", "inspect", ...stream], environment)).stdout).toBe(
    `${eventId} ProductListed, version 1: {"productId":"1"}\n${laterId} ProductListed, version 2: {"productId":"1"}\n`,
  );
  expect(await runOps(["parked", "retry", ...stream], environment)).toEqual({ code: 0, stdout: "asked for\n", stderr: "" });
  expect((await runOps(["parked"], environment)).stdout).toContain("product-1: retrying since");
  expect((await runOps(["parked", "discard", ...stream, eventId], environment)).stderr).toBe(
    "cartwright: an event and a reason are missing\n",
  );
  const discard = async (id: string) => (await runOps(["parked", "discard", ...stream, id, "it", "was", "a", "test"], environment)).stdout;
  expect(await discard(eventId)).toBe("discarded; 1 more waits there for a retry\n");
  expect(await discard(laterId)).toBe("discarded; nothing else waits there, and the stream flows again\n");
  expect((await runOps(["parked", "inspect", "catalog", "cart", "product-2"], environment)).stderr).toBe(
    "cartwright: catalog has not parked product-2 of cart\n",
  );
}, 30_000);
