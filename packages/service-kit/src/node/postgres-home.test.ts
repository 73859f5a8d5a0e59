import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { silentLogger } from "../logger.ts";
import { openPostgresHome, postgresPassword, repairOwnership } from "./postgres-home.ts";

const isRoot = process.getuid?.() === 0;
const nobody = { uid: 65_534, gid: 65_534 };

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "cartwright-home-")));
  chmodSync(folder, 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (path: string, account = isRoot ? nobody : undefined) =>
  openPostgresHome({ path, chooseAccount: () => account, sharedFolder: join(folder, "shared"), logger: silentLogger });

describe("the home of the data", () => {
  test("is made where it is wanted, for its account alone", () => {
    const home = open(join(folder, ".data/postgres"));
    expect(home.folder).toBe(join(folder, ".data/postgres"));
    expect(statSync(home.folder).mode & 0o777).toBe(0o700);
  });

  test("is found again, also where a link leads to it", () => {
    const link = join(folder, "link");
    const elsewhere = join(folder, "elsewhere");
    mkdirSync(elsewhere);
    expect(open(elsewhere).folder).toBe(elsewhere);
    symlinkSync(elsewhere, link);
    expect(open(link).folder).toBe(elsewhere);
  });

  test("is made anew where a link leads to nothing", () => {
    const link = join(folder, "link");
    symlinkSync(join(folder, "gone/data"), link);
    expect(open(link).folder).toBe(join(folder, "gone/data"));
  });
});

describe("the password", () => {
  test("is made once, and nobody else can read it", () => {
    const home = open(join(folder, "postgres"));
    const password = postgresPassword(home);
    expect(password.length).toBeGreaterThanOrEqual(32);
    expect(postgresPassword(home)).toBe(password);
    expect(statSync(home.passwordFile).mode & 0o777).toBe(0o600);
  });

  test("that is missing from existing data is not made up", () => {
    const home = open(join(folder, "postgres"));
    mkdirSync(home.data);
    expect(() => postgresPassword(home)).toThrow(/password is missing.*--reset/);
  });
});

test("data that a copy left open to others is closed again", () => {
  const home = open(join(folder, "postgres"));
  mkdirSync(home.data);
  chmodSync(home.data, 0o755);
  repairOwnership(home);
  expect(statSync(home.data).mode & 0o777).toBe(0o700);
});

describe.skipIf(!isRoot)("as root", () => {
  const privateCheckout = () => {
    const checkout = join(folder, "private");
    mkdirSync(checkout, { mode: 0o700 });
    return checkout;
  };

  test("the home lies elsewhere when its account cannot enter the checkout, and stays there", () => {
    const path = join(privateCheckout(), "postgres");
    const home = open(path);
    expect(home.folder.startsWith(join(folder, "shared/"))).toBe(true);
    expect(readlinkSync(path)).toBe(home.folder);
    expect(statSync(home.folder).uid).toBe(nobody.uid);
    expect(open(path)).toEqual(home);
  });

  test("a new checkout in the place of a deleted one does not get its data", () => {
    const path = join(privateCheckout(), "postgres");
    const old = open(path);
    rmSync(path);
    expect(open(path).folder).not.toBe(old.folder);
  });

  test("data that is there already moves along, whoever it belonged to", () => {
    const path = join(privateCheckout(), "postgres");
    mkdirSync(join(path, "data"), { recursive: true });
    writeFileSync(join(path, "data/PG_VERSION"), "18");
    const home = open(path);
    expect(readFileSync(join(home.data, "PG_VERSION"), "utf8")).toBe("18");
    expect(statSync(join(home.data, "PG_VERSION")).uid).toBe(nobody.uid);
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
  });

  test("the owner of the data goes on owning it", () => {
    const owner = { uid: 12_345, gid: 12_345 };
    const home = open(join(folder, "postgres"), owner);
    mkdirSync(home.data);
    repairOwnership(home);
    expect(open(join(folder, "postgres"), nobody).account).toEqual(owner);
  });

  test("data that a chown gave to root goes back to an account that PostgreSQL runs under", () => {
    const home = open(join(folder, "postgres"));
    mkdirSync(home.data);
    writeFileSync(join(home.data, "PG_VERSION"), "18");
    repairOwnership(home);
    expect(statSync(join(home.data, "PG_VERSION")).uid).toBe(nobody.uid);
    expect(existsSync(home.passwordFile)).toBe(false);
  });
});
