/**
 * `bun run ops catalog import FILE`
 *
 * What an operator does with a running system.
 */
import type { CatalogueFault } from "@cartwright/cart/ops/parse-catalogue";
import { importCatalogueFile } from "./ops/catalog-import.ts";
import { opsConfig } from "./ops/config.ts";
import { OpsError } from "./ops/ops-error.ts";
import { runScript } from "./ops/run-script.ts";

const commands: Readonly<Record<string, { usage: string; run: (args: readonly string[]) => Promise<void> }>> = {
  "catalog import": {
    usage: "bun run ops catalog import FILE",
    async run([path]) {
      if (path === undefined) throw new OpsError("a file is missing. Usage: bun run ops catalog import FILE");
      const result = await importCatalogueFile(opsConfig(), path);
      if (!result.ok)
        throw new OpsError([`${path} was not imported: ${result.faults.length} faults`, ...result.faults.map(lineOf)].join("\n"));
      process.stdout.write(`${result.products} products, ${result.changed} changed, ${result.products - result.changed} as they were\n`);
    },
  },
};

const lineOf = ({ row, productId, path, message }: CatalogueFault): string => {
  const at = row === null ? "the file" : `row ${row}${productId === null ? "" : ` (${productId})`}`;
  return `  ${at}${path === "" ? "" : `, ${path}`}: ${message}`;
};

await runScript(async () => {
  const [area = "", action = "", ...rest] = process.argv.slice(2);
  const command = commands[`${area} ${action}`];
  const usages = Object.values(commands).map(({ usage }) => usage);
  if (!command) throw new OpsError(`there is no such command. Usage: ${usages.join(", or ")}`);
  await command.run(rest);
});
