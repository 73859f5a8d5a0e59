import { port } from "@cartwright/service-kit/config-fields";
import { misspeltVariables } from "@cartwright/service-kit/misspelt-variables";
import { expect, test } from "vitest";
import * as z from "zod";
import { configurationDocs, configurations } from "./configuration-docs.ts";

const level = z.string().optional().describe("The least level that is logged.");

test("what all services read alike is told once, and then what each reads for itself", () => {
  const cart = z.object({ LOG_LEVEL: level, PORT: port(5105), NAME: z.string() });
  const projector = z.object({ PORT: port(5204), LOG_LEVEL: level });
  const text = configurationDocs([
    { service: "apps/cart", schema: cart },
    { service: "apps/projector", schema: projector },
  ]);
  expect(text).toBe(`**Every service**

| Variable | Default | Meaning |
| --- | --- | --- |
| \`LOG_LEVEL\` |  | The least level that is logged. |

**\`apps/cart\`**

| Variable | Default | Meaning |
| --- | --- | --- |
| \`PORT\` | \`5105\` |  |
| \`NAME\` | required |  |

**\`apps/projector\`**

| Variable | Default | Meaning |
| --- | --- | --- |
| \`PORT\` | \`5204\` |  |`);
});

test("a service alone has one table, and none have none", () => {
  expect(configurationDocs([{ service: "apps/cart", schema: z.object({ LOG_LEVEL: level }) }])).toMatch(
    /^\*\*`apps\/cart`\*\*\n\n\| Variable/,
  );
  expect(configurationDocs([])).toBe("");
});

test("what another service is configured by is not taken for a slip of what one reads itself", () => {
  const environment = Object.fromEntries(configurations.flatMap(({ schema }) => Object.keys(schema.shape)).map((name) => [name, "1"]));
  for (const { schema } of configurations) {
    for (const missing of Object.keys(schema.shape)) {
      const { [missing]: _, ...given } = environment;
      expect(misspeltVariables([schema], given)).toEqual([]);
    }
  }
});
