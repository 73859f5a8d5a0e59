import { type CatalogEvent, productStreamId } from "@cartwright/contracts/catalog-events";
import type { EventMetadata } from "@cartwright/contracts/event-metadata";
import type { IdempotencyKey, ProductId } from "@cartwright/contracts/ids";
import { instantOf } from "@cartwright/contracts/instant";
import type { ProductData } from "@cartwright/contracts/product-data";
import type { RefusalOf } from "@cartwright/contracts/refusals";
import type { Decision } from "@cartwright/decider/decision";
import { unreachable } from "@cartwright/decider/unreachable";
import type { CommandHandler, Outcome } from "@cartwright/event-log/command-handler";
import { canonicalJson } from "../carts/canonical-json.ts";
import type { CatalogTable } from "./catalog-table.ts";
import type { Listing } from "./listing.ts";
import type { ProductCache } from "./product-cache.ts";
import { putProduct } from "./put-product.ts";
import { retireProduct } from "./retire-product.ts";
import { waitUntil } from "./wait-until.ts";

export type CatalogWrites = {
  /** Answers when lists show the product so, or after `settleMs` at most; carts see it at once. */
  put(command: PutCommand, by: EventMetadata): Promise<WriteResult>;
  /** Each product for itself, all of them in few appends. What is already so is left as it is. */
  putMany(products: readonly PutCommand[], by: EventMetadata): Promise<readonly WriteResult[]>;
  retire(command: RetireCommand, by: EventMetadata): Promise<WriteResult>;
};

type WriteOptions = { idempotencyKey?: IdempotencyKey | undefined; expectedVersion?: number | undefined };
export type PutCommand = WriteOptions & { productId: ProductId; product: ProductData };
export type RetireCommand = WriteOptions & { productId: ProductId };

export type Written = { productId: ProductId; version: number; position: bigint; changed: boolean };
export type CatalogRefusal = RefusalOf<"ProductNotFound" | "VersionMismatch" | "IdempotencyKeyReused">;
export type WriteResult = { ok: true; value: Written } | { ok: false; refusal: CatalogRefusal };

export type CatalogWritesDeps = {
  handler: Pick<CommandHandler<Listing, CatalogEvent>, "handle">;
  cache: Pick<ProductCache, "reached">;
  table: Pick<CatalogTable, "has">;
  now: () => Date;
  settleMs?: number;
};

export const catalogWrites = (deps: CatalogWritesDeps): CatalogWrites => {
  const { table, now, settleMs = 2_000 } = deps;
  const put = ({ product, ...command }: PutCommand, by: EventMetadata) => {
    const at = instantOf(now());
    return write(deps, {
      ...command,
      by,
      input: { put: product },
      decide: (listing) => putProduct({ productId: command.productId, product, at }, listing),
    });
  };
  const retire = (command: RetireCommand, by: EventMetadata) => {
    const at = instantOf(now());
    return write(deps, {
      ...command,
      by,
      input: "retire",
      decide: (listing) => retireProduct({ productId: command.productId, at }, listing),
    });
  };
  const settled = async (results: readonly WriteResult[]) => {
    const versions = new Map(results.flatMap((result) => (result.ok ? [[result.value.productId, result.value.version]] : [])));
    await waitUntil(() => table.has(versions), settleMs);
  };

  return {
    async put(command, by) {
      const result = await put(command, by);
      await settled([result]);
      return result;
    },
    async putMany(products, by) {
      const results = await Promise.all(products.map((command) => put(command, by)));
      await settled(results);
      return results;
    },
    async retire(command, by) {
      const result = await retire(command, by);
      await settled([result]);
      return result;
    },
  };
};

type Write = WriteOptions & {
  productId: ProductId;
  by: EventMetadata;
  input: unknown;
  decide: (listing: Listing) => Decision<CatalogEvent, RefusalOf<"ProductNotFound">>;
};

const write = async ({ handler, cache }: CatalogWritesDeps, command: Write): Promise<WriteResult> => {
  const { productId, by, input, decide, idempotencyKey, expectedVersion } = command;
  const streamId = productStreamId(productId);
  const outcome = await handler.handle({
    streamId,
    decide,
    metadata: by,
    fingerprint: canonicalJson({ input, expectedVersion }),
    ...(idempotencyKey !== undefined && { key: `${by.actor.subject} ${streamId} ${idempotencyKey}` }),
    ...(expectedVersion !== undefined && { expectedVersion }),
  });
  if (outcome.outcome === "accepted") cache.reached(productId, outcome.version);
  return resultOf(outcome, command);
};

const resultOf = (outcome: Outcome<RefusalOf<"ProductNotFound">>, { productId, idempotencyKey }: Write): WriteResult => {
  switch (outcome.outcome) {
    case "accepted": {
      const { version, position, changed } = outcome;
      return { ok: true, value: { productId, version, position, changed } };
    }
    case "refused":
      return { ok: false, refusal: outcome.refusal };
    case "versionMismatch":
      return { ok: false, refusal: { code: "VersionMismatch", expected: outcome.expected, actual: outcome.actual } };
    case "keyReused":
      if (idempotencyKey === undefined) throw new TypeError(`a minted key was answered before: ${outcome.key}`);
      return { ok: false, refusal: { code: "IdempotencyKeyReused", key: idempotencyKey } };
    case "claimed":
      throw new TypeError(`the catalogue claims nothing, and ${outcome.claim.key} was refused`);
    default:
      return unreachable(outcome);
  }
};
