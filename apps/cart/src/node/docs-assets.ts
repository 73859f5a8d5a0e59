import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { DocsAssets } from "../docs/docs-page.ts";

/** Swagger UI as the package brings it. */
export const readDocsAssets = async (): Promise<DocsAssets> => {
  const { resolve } = createRequire(import.meta.url);
  const read = async (file: string) => new Uint8Array(await readFile(resolve(`swagger-ui-dist/${file}`)));
  const [script, styles] = await Promise.all([read("swagger-ui-bundle.js"), read("swagger-ui.css")]);
  return { script, styles };
};
