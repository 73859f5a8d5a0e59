import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { bundle, notices } from "./bundle.ts";
import { declarations } from "./declarations.ts";

/** What others import from `@cartwright/client`. */
const exported = {
  "packages/client/src/create-cartwright-client.ts": ["createCartwrightClient"],
  "packages/client/src/is-refusal.ts": ["isRefusal", "refusalOf"],
  "packages/client/src/ids.ts": [
    "newCartId",
    "cartIdOf",
    "productIdOf",
    "paymentTokenOf",
    "countryOf",
    "shippingMethodIdOf",
    "couponCodeOf",
  ],
};

/** Makes the package that others install: one module, its types, and no dependency. */
export const buildClient = async (folder: string): Promise<void> => {
  const root = resolve(import.meta.dirname, "../..");
  const contracts = [...new Bun.Glob("packages/contracts/src/*.ts").scanSync({ cwd: root })].filter((path) => !path.endsWith(".test.ts"));
  const named = [...contracts.sort(), "packages/client/src/call-options.ts", "packages/client/src/cart-service.ts"];
  const { code, packages } = await bundle(root, exported);
  const types = await declarations({ root, named, exported });

  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write("index.js", code);
  write("index.d.ts", types);
  write("THIRD-PARTY-NOTICES", notices(packages));
  write("package.json", `${JSON.stringify(manifest, null, 2)}\n`);
  cpSync(join(root, "packages/client/README.md"), join(folder, "README.md"));
  cpSync(join(root, "LICENSE"), join(folder, "LICENSE"));
};

// All workspaces have the root's version.
const { version }: { version: string } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"));

const manifest = {
  name: "@cartwright/client",
  version,
  description: "The typed client of Cartwright: commands that are safe to repeat, and carts that are live",
  license: "Apache-2.0",
  keywords: ["shopping-cart", "e-commerce", "realtime", "optimistic-ui", "typescript"],
  type: "module",
  sideEffects: false,
  exports: { ".": { types: "./index.d.ts", default: "./index.js" } },
  types: "./index.d.ts",
  files: ["index.js", "index.d.ts", "THIRD-PARTY-NOTICES"],
  engines: { node: ">=20.3" },
};
