import { readFile } from "node:fs/promises";
import { type CatalogueImport, importCatalogue, type PutMany } from "@cartwright/cart/ops/import-catalogue";
import { mintToken } from "@cartwright/cart/ops/mint-token";
import type { CartServiceRouter } from "@cartwright/cart/router";
import { wire } from "@cartwright/service-kit/wire";
import { createTRPCClient, httpLink, TRPCClientError } from "@trpc/client";
import type { OpsConfig } from "./config.ts";
import { OpsError } from "./ops-error.ts";
import { signingKey } from "./signing-key.ts";

/**
 * Puts the products of a file into the running system's catalogue.
 *
 * @throws {OpsError} when the file can't be read or the system refuses or can't be reached.
 */
export const importCatalogueFile = async (config: OpsConfig, path: string): Promise<CatalogueImport> => {
  const document = await readJson(path);
  const { client, telling } = await cartClient(config, ["catalog:write"]);
  const putMany: PutMany = async (products) => (await client.catalog.putMany.mutate({ products: [...products] })).products;
  return telling("the catalogue", () => importCatalogue(document, putMany));
};

/** A client of the running system with a token of one's own, and how its refusals are told. */
export const cartClient = async (config: OpsConfig, scopes: readonly string[]) => {
  const key = await signingKey(config);
  const authorization = async () => ({ authorization: `Bearer ${(await mintToken({ key, scopes: [...scopes] })).token}` });
  const client = createTRPCClient<CartServiceRouter>({
    links: [httpLink({ url: `${config.cartUrl}/trpc`, headers: authorization, transformer: wire })],
  });
  const telling = async <Result>(what: string, work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (cause) {
      if (!(cause instanceof TRPCClientError)) throw cause;
      throw new OpsError(`${config.cartUrl} did not take ${what}: ${cause.message}`, { cause });
    }
  };
  return { client, telling };
};

/** @throws {OpsError} */
export const readJson = async (path: string): Promise<unknown> => {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw new OpsError(`${path} can't be read: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
};
