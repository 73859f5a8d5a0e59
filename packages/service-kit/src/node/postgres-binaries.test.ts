import { chmodSync, existsSync, mkdirSync, mkdtempSync, readlinkSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { postgresBinaries } from "./postgres-binaries.ts";

const isRoot = process.getuid?.() === 0;
const nobody = { uid: 65_534, gid: 65_534 };

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "cartwright-binaries-")));
  chmodSync(folder, 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A package as npm unpacks it, whose server is a script. */
const packageWith = (server: string, { mode = 0o755 } = {}) => {
  const packaged = join(folder, "package");
  mkdirSync(join(packaged, "native/bin"), { recursive: true });
  mkdirSync(join(packaged, "native/lib"));
  writeFileSync(join(packaged, "package.json"), `{ "version": "18.1.0" }`);
  writeFileSync(join(packaged, "native/pg-symlinks.json"), `[{ "source": "native/lib/libpq.so.5.18", "target": "native/lib/libpq.so.5" }]`);
  writeFileSync(join(packaged, "native/lib/libpq.so.5.18"), "");
  writeFileSync(join(packaged, "native/bin/initdb"), "");
  writeFileSync(join(packaged, "native/bin/postgres"), `#!/bin/sh\n${server}\n`, { mode: 0o755 });
  chmodSync(packaged, mode);
  return packaged;
};

test("the real package runs from where it was installed, with its links made", () => {
  const { postgres, version } = postgresBinaries({ account: undefined, copiesIn: join(folder, "copies") });
  expect(version).toMatch(/^18\./);
  expect(postgres).toContain("node_modules");
  expect(existsSync(join(folder, "copies"))).toBe(false);
});

test("links are made once, and a second start finds them", () => {
  const packaged = packageWith("exit 0");
  for (const _start of ["first", "second"]) postgresBinaries({ account: undefined, copiesIn: folder, packaged });
  expect(readlinkSync(join(packaged, "native/lib/libpq.so.5"))).toBe("libpq.so.5.18");
});

test("programs that do not run say so in one line, and what else can be done", () => {
  const packaged = packageWith("echo 'version GLIBC_2.99 not found' >&2; exit 1");
  expect(() => postgresBinaries({ account: undefined, copiesIn: folder, packaged })).toThrow(
    /^the embedded PostgreSQL does not run on this machine \(version GLIBC_2.99 not found\): set POSTGRES_CONNECTION_STRING.*$/,
  );
});

describe.skipIf(!isRoot)("where their account cannot enter the checkout", () => {
  test("a copy is made once, that all can run and that has its links", () => {
    const packaged = packageWith("exit 0", { mode: 0o700 });
    const copiesIn = join(folder, "copies");
    const { postgres } = postgresBinaries({ account: nobody, copiesIn, packaged });
    expect(postgres).toBe(join(copiesIn, "postgresql-18.1.0/native/bin/postgres"));
    expect(readlinkSync(join(copiesIn, "postgresql-18.1.0/native/lib/libpq.so.5"))).toBe("libpq.so.5.18");

    const made = statSync(postgres).ino;
    postgresBinaries({ account: nobody, copiesIn, packaged });
    expect(statSync(postgres).ino).toBe(made);
  });
});
