import { type CatalogEvent, productStreamId } from "@cartwright/contracts/catalog-events";
import type { IdempotencyKey, ProductId } from "@cartwright/contracts/ids";
import { instantOf } from "@cartwright/contracts/instant";
import type { ProductData } from "@cartwright/contracts/product-data";
import type { RefusalOf } from "@cartwright/contracts/refusals";
import type { Decision } from "@cartwright/decider/decision";
import { unreachable } from "@cartwright/decider/unreachable";
import type { CommandHandler, Outcome } from "@cartwright/event-log/command-handler";
import type { Answer } from "../carts/answer.ts";
import { type Caller, metadataOf } from "../carts/caller.ts";
import { canonicalJson } from "../carts/canonical-json.ts";
import type { CatalogTable } from "./catalog-table.ts";
import type { Listing } from "./listing.ts";
import type { ProductCache } from "./product-cache.ts";
import { putProduct } from "./put-product.ts";
import { retireProduct } from "./retire-product.ts";
import { waitUntil } from "./wait-until.ts";

export type CatalogWrites = {
  /** Answers when lists show the product so, or after `settleMs` at most; carts see it at once. */
  put(caller: Caller, command: PutCommand): Promise<Answer<Written>>;
  /** Each product for itself, all of them in few appends. What is already so is left as it is. */
  putMany(caller: Caller, commands: readonly PutCommand[]): Promise<readonly Answer<Written>[]>;
  retire(caller: Caller, command: RetireCommand): Promise<Answer<Written>>;
};

type WriteOptions = { idempotencyKey?: IdempotencyKey | undefined; expectedVersion?: number | undefined };
export type PutCommand = WriteOptions & { productId: ProductId; product: ProductData };
export type RetireCommand = WriteOptions & { productId: ProductId };

export type Written = { productId: ProductId; version: number; position: bigint; changed: boolean };

export type CatalogWritesDeps = {
  handler: Pick<CommandHandler<Listing, CatalogEvent>, "handle">;
  cache: Pick<ProductCache, "reached">;
  table: Pick<CatalogTable, "has">;
  now: () => Date;
  settleMs?: number;
};

export const catalogWrites = (deps: CatalogWritesDeps): CatalogWrites => {
  const { table, now, settleMs = 2_000 } = deps;
  const put = (caller: Caller, { product, ...command }: PutCommand) => {
    const at = instantOf(now());
    return write(deps, {
      ...command,
      caller,
      input: { put: product },
      decide: (listing) => putProduct({ productId: command.productId, product, at }, listing),
    });
  };
  const retire = (caller: Caller, command: RetireCommand) => {
    const at = instantOf(now());
    return write(deps, {
      ...command,
      caller,
      input: "retire",
      decide: (listing) => retireProduct({ productId: command.productId, at }, listing),
    });
  };
  const settled = async (answers: readonly Answer<Written>[]) => {
    const versions = new Map(answers.flatMap((answer) => (answer.ok ? [[answer.value.productId, answer.value.version]] : [])));
    await waitUntil(() => table.has(versions), settleMs);
  };

  return {
    async put(caller, command) {
      const answer = await put(caller, command);
      await settled([answer]);
      return answer;
    },
    async putMany(caller, commands) {
      const answers = await Promise.all(commands.map((command) => put(caller, command)));
      await settled(answers);
      return answers;
    },
    async retire(caller, command) {
      const answer = await retire(caller, command);
      await settled([answer]);
      return answer;
    },
  };
};

type Write = WriteOptions & {
  productId: ProductId;
  caller: Caller;
  input: unknown;
  decide: (listing: Listing) => Decision<CatalogEvent, RefusalOf<"ProductNotFound">>;
};

const write = async ({ handler, cache }: CatalogWritesDeps, command: Write): Promise<Answer<Written>> => {
  const { productId, caller, input, decide, idempotencyKey, expectedVersion } = command;
  const streamId = productStreamId(productId);
  const outcome = await handler.handle({
    streamId,
    decide,
    metadata: metadataOf(caller, { subject: caller.subject, kind: caller.kind }),
    fingerprint: canonicalJson({ input, expectedVersion }),
    ...(idempotencyKey !== undefined && { key: `${caller.subject} ${streamId} ${idempotencyKey}` }),
    keepsNoChange: true,
    ...(expectedVersion !== undefined && { expectedVersion }),
  });
  if (outcome.outcome === "accepted") cache.reached(productId, outcome.version);
  return resultOf(outcome, command);
};

const resultOf = (outcome: Outcome<RefusalOf<"ProductNotFound">>, { productId, idempotencyKey }: Write): Answer<Written> => {
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
