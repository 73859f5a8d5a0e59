import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, lstatSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Checkout, freshCheckout, type LaunchOptions } from "./start-checkout.ts";

const isRoot = process.getuid?.() === 0;

/** A run by an ordinary user shows the second of these with every other test, and cannot become root for the first. */
describe.skipIf(!isRoot)("started by root", () => {
  test("PostgreSQL runs under another account, on data in the checkout", async () => {
    await using checkout = await freshCheckout();
    await using running = await checkout.start();
    expect(lstatSync(join(checkout.folder, ".data/postgres")).isDirectory()).toBe(true);
    expect(serverAccounts(checkout)).not.toContain(0);
    await stop(checkout, running);
  }, 60_000);

  test("where nobody else may enter the checkout, the data lies elsewhere, .data/postgres leads to it, and --reset follows", async () => {
    using home = privateFolder();
    await using checkout = await freshCheckout({ under: home.folder });
    const link = join(checkout.folder, ".data/postgres");
    {
      await using running = await checkout.start();
      expect(readlinkSync(link)).toMatch(/^\/var\/lib\/cartwright\//);
      await checkout.remember("kept elsewhere");
      await stop(checkout, running);
    }
    {
      await using running = await checkout.start();
      expect(await checkout.remembered()).toEqual(["kept elsewhere"]);
      await stop(checkout, running);
    }
    const before = readlinkSync(link);
    await using running = await checkout.start({ args: ["--reset"] });
    expect(readlinkSync(link)).toBe(before);
    expect(await checkout.remembered()).toEqual([]);
    await stop(checkout, running);
  }, 120_000);
});

describe.skipIf(!isRoot)("started by an ordinary user", () => {
  test("it runs as that user, and root may start it in between", async () => {
    await using checkout = await freshCheckout();
    using user = ordinaryUser(checkout);
    {
      await using running = await checkout.start(user.options);
      expect(new Set(serverAccounts(checkout))).toEqual(new Set([user.options.uid]));
      await checkout.remember("the user's");
      await stop(checkout, running);
    }
    {
      await using running = await checkout.start();
      expect(await checkout.remembered()).toEqual(["the user's"]);
      await stop(checkout, running);
    }
    await using running = await checkout.start(user.options);
    expect(await checkout.remembered()).toEqual(["the user's"]);
    await stop(checkout, running);
  }, 120_000);

  test("data of another account is refused in one line that says whose it is", async () => {
    await using checkout = await freshCheckout();
    {
      await using running = await checkout.start();
      await stop(checkout, running);
    }
    using user = ordinaryUser(checkout);
    execFileSync("chown", ["-R", "root", join(checkout.folder, ".data/postgres")]);
    await using refused = checkout.launch(user.options);
    expect(await refused.exited).toBe(1);
    await refused.line(/^cartwright: .*belongs to another account \(uid \d+\)/);
  }, 60_000);
});

const stop = async (checkout: Checkout, running: { signalGroup(signal: NodeJS.Signals): void }) => {
  running.signalGroup("SIGINT");
  await checkout.quiet();
};

const serverAccounts = (checkout: Checkout): readonly number[] =>
  checkout
    .processes()
    .filter(({ command }) => /postgres/.test(command[0] ?? ""))
    .map(({ pid }) => statSync(`/proc/${pid}`).uid);

/** As root's home is: nobody else may even pass through. */
const privateFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), "cartwright-private-"));
  chmodSync(folder, 0o700);
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
};

/** Gives the checkout, installed, to an account without rights, with a Bun that it can run. */
const ordinaryUser = (checkout: Checkout): Disposable & { options: LaunchOptions } => {
  const account = { uid: idOf("-u"), gid: idOf("-g") };
  const home = mkdtempSync(join(tmpdir(), "cartwright-user-"));
  mkdirSync(join(home, "bin"));
  copyFileSync(process.execPath, join(home, "bin/bun"));
  chmodSync(join(home, "bin/bun"), 0o755);
  // Hard links into Bun's cache would change owner there too.
  execFileSync("bun", ["install", "--frozen-lockfile", "--silent", "--backend=copyfile"], { cwd: checkout.folder });
  execFileSync("chown", ["-R", "-h", `${account.uid}:${account.gid}`, home, checkout.folder]);
  const environment = { HOME: home, PATH: `${home}/bin:/usr/bin:/bin` };
  return { options: { ...account, environment, command: ["bun", "start"] }, [Symbol.dispose]: () => rmSync(home, { recursive: true }) };
};

const idOf = (flag: "-u" | "-g") => Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
