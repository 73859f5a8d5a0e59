import { mkdtempSync } from "node:fs";
import { rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PageError } from "./bundle-page.ts";
import { builtPage, bundledPage, freshPage } from "./page-source.ts";

const folder = mkdtempSync(join(tmpdir(), "cartwright-page-"));
beforeAll(async () => {
  await Bun.write(join(folder, "index.html"), `<!doctype html><script type="module" src="./main.ts"></script>`);
  await Bun.write(join(folder, "main.ts"), `document.title = "first";`);
});
afterAll(() => rm(folder, { recursive: true }));

const scriptOf = (assets: Awaited<ReturnType<Awaited<ReturnType<typeof bundledPage>>>>) => {
  const [, script] = [...assets].find(([path]) => path.endsWith(".js")) ?? [];
  return new TextDecoder().decode(script?.body);
};

describe("while somebody works on the page", () => {
  const page = freshPage({ entry: join(folder, "index.html") });

  test("it is bundled once, for whoever asks", async () => {
    expect(scriptOf(await page())).toContain("first");
    expect(await page()).toBe(await page());
  });

  test("a change of a source shows at the next look", async () => {
    await Bun.write(join(folder, "main.ts"), `document.title = "second";`);
    await utimes(join(folder, "main.ts"), new Date(), new Date(Date.now() + 1_000));
    expect(scriptOf(await page())).toContain("second");
  });

  test("a mistake is told with its place, and once it is mended all is well", async () => {
    await Bun.write(join(folder, "main.ts"), "const = 1;");
    await utimes(join(folder, "main.ts"), new Date(), new Date(Date.now() + 2_000));
    await expect(page()).rejects.toThrow(/main\.ts:1:\d+/);
    await Bun.write(join(folder, "main.ts"), `document.title = "third";`);
    expect(scriptOf(await page())).toContain("third");
  });
});

test("the shop's own page is one page, one script, one style sheet and an icon, and nothing of it comes from elsewhere", async () => {
  const assets = await (await bundledPage())();
  const kinds = [...assets.keys()].filter((path) => !path.endsWith(".map")).map((path) => path.slice(path.lastIndexOf(".") + 1));
  expect(kinds.sort()).toEqual(["/", "css", "js", "svg"]);
  const html = new TextDecoder().decode(assets.get("/")?.body);
  for (const [, address = ""] of html.matchAll(/(?:src|href)="([^"]*)"/g)) expect(address).toMatch(/^\/(?:assets\/|$)/);
});

test("who can be signed in as with one tap stands in the page of a demonstration alone", async () => {
  expect(scriptOf(await freshPage({ demonstration: true })())).toContain("ada@example.com");
  expect(scriptOf(await (await bundledPage())())).not.toContain("ada@example.com");
});

test("bun run build:storefront writes the page that the server then reads", async () => {
  const built = join(folder, "dist");
  const { exitCode } = Bun.spawnSync([process.execPath, join(import.meta.dirname, "build.ts"), built]);
  expect(exitCode).toBe(0);
  const [written, bundled] = [await (await builtPage(built))(), await (await bundledPage())()];
  expect([...written.keys()].sort()).toEqual([...bundled.keys()].sort());
});

test("a folder without a page is refused in a line that says how to get one", async () => {
  await expect(builtPage(join(folder, "nowhere"))).rejects.toThrow(PageError);
  await expect(builtPage(join(folder, "nowhere"))).rejects.toThrow("build:storefront");
});
