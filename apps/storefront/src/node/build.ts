/** `bun run build:storefront [folder]` bundles the page into `dist/`, for a server that is told of it by `STOREFRONT_PAGE`. */
import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { bundlePage } from "./bundle-page.ts";

const folder = resolve(process.argv[2] ?? join(import.meta.dirname, "../../dist"));
const startedAt = performance.now();
const { files } = await bundlePage();
await rm(folder, { recursive: true, force: true });
for (const { name, body } of files) {
  await Bun.write(join(folder, name), body);
  const size = `${(body.length / 1024).toFixed(1)} kB, ${(gzipSync(body).length / 1024).toFixed(1)} kB compressed`;
  if (!name.endsWith(".map")) process.stdout.write(`  ${name}  ${size}\n`);
}
process.stdout.write(`${folder}, in ${Math.round(performance.now() - startedAt)} ms\n`);
