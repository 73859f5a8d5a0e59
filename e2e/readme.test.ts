import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readmeFault } from "@cartwright/infra/readme-answer";
import { parseReadmeBlocks, runReadmeBlocks } from "@cartwright/infra/readme-blocks";
import { expect, test } from "vitest";
import { freshCheckout } from "./start-checkout.ts";

const readme = join(import.meta.dirname, "../README.md");

test.skipIf(!existsSync(readme))(
  "what the README prints as runnable runs on a fresh clone, and answers as printed",
  async () => {
    const blocks = parseReadmeBlocks(readFileSync(readme, "utf8"));
    expect(blocks.length).toBeGreaterThan(0);

    await using checkout = await freshCheckout();
    await using _running = await checkout.start();
    const runs = await runReadmeBlocks(blocks, {
      cwd: checkout.folder,
      substitutions: { "localhost:5105": `localhost:${checkout.port}` },
      env: { CART_PORT: String(checkout.port) },
    });
    expect(runs.map(readmeFault).filter((fault) => fault !== undefined)).toEqual([]);
  },
  180_000,
);
