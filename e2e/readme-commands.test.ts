import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const text = (file: string): string => (existsSync(join(root, file)) ? readFileSync(join(root, file), "utf8") : "");
const manifest = JSON.parse(text("package.json"));
const documents = ["README.md", "CONTRIBUTING.md", ".ci/run"];

test("one version of Bun is pinned, and every document and CI name that one", () => {
  const pinned = manifest.packageManager;
  expect([`bun@${manifest.engines.bun}`, `bun@${manifest.devDependencies["@types/bun"]}`]).toEqual([pinned, pinned]);
  for (const file of documents) {
    expect([file, ...new Set(text(file).match(/\bbun@[\d.]+\d/g))]).toEqual(text(file) === "" ? [file] : [file, pinned]);
  }
});

test("every script that a document names exists", () => {
  const named = documents.flatMap((file) => [...text(file).matchAll(/\bbun(?:@[\d.]+)? run ([\w:-]+)/g)].map(([, script]) => script));
  expect(named.filter((script) => script === undefined || !(script in manifest.scripts))).toEqual([]);
});

test("CI runs the command that the documents give for testing", () => {
  const command = `npx --yes ${manifest.packageManager} run test`;
  for (const file of documents) if (text(file) !== "") expect([file, text(file).includes(command)]).toEqual([file, true]);
});
