/** `bun run build:client [folder]`: the client as others install it, in `packages/client/dist` unless said. */
import { resolve } from "node:path";
import { buildClient } from "./client-package/build-client.ts";

const folder = resolve(process.argv[2] ?? "packages/client/dist");
await buildClient(folder);
console.log(`The client's package is in ${folder}: npm pack there, or npm publish`);
