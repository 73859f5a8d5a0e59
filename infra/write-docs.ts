/** `bun run docs`: writes the generated parts of the README anew. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withGeneratedDocs } from "./generated-docs.ts";

const readme = join(import.meta.dirname, "../README.md");
writeFileSync(readme, withGeneratedDocs(readFileSync(readme, "utf8")));
