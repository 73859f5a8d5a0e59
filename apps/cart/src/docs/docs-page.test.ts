import { expect, test } from "vitest";
import { readDocsAssets } from "../node/docs-assets.ts";
import { docsPage } from "./docs-page.ts";

const assets = await readDocsAssets();
const app = docsPage(assets);

test("the page and all that it loads come from this server", async () => {
  const page = await app.request("/");
  expect(page.status).toBe(200);
  const html = await page.text();
  const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url = ""]) => url).filter((url) => !url.startsWith("data:"));
  expect(loaded).toEqual(["docs/swagger-ui.css", "docs/swagger-ui.js", "docs/start.js"]);
  for (const url of loaded) expect((await app.request(url.slice("docs".length))).status).toBe(200);
});

test("a browser would not let it load anything else", async () => {
  const policy = (await app.request("/")).headers.get("content-security-policy") ?? "";
  expect(policy).toMatch(/^default-src 'none'/);
  expect(policy).not.toContain("http");
});

test("nothing asks a validator on another host", async () =>
  expect(await (await app.request("/start.js")).text()).toContain("validatorUrl: null"));
