import type { IdempotencyKey } from "@cartwright/contracts/ids";
import { instantOf } from "@cartwright/contracts/instant";
import type { Refusal } from "@cartwright/contracts/refusals";
import type { ShopEvent } from "@cartwright/contracts/shop-events";
import { accept, type Decision, refuse } from "@cartwright/decider/decision";
import type { CommandHandler } from "@cartwright/event-log/command-handler";
import * as z from "zod";
import type { Answer } from "../carts/answer.ts";
import { type Caller, metadataOf } from "../carts/caller.ts";
import { canonicalJson } from "../carts/canonical-json.ts";
import { waitUntil } from "../catalog/wait-until.ts";
import type { ShopTerms } from "../quotes/shop-terms.ts";
import { type Kept, type Kind, type Kinds, kinds } from "./kept.ts";
import type { KeptRow, KeptTable } from "./kept-table.ts";

/** For who keeps coupons, shipping methods and tax rates. */
export const shopScope = "shop:write";

/** For who counts the stock. */
export const stockScope = "stock:write";

/** In one request. */
export const mostKeptAtOnce = 500;

export const KeptPageInput = z.strictObject({
  /** The `nextCursor` of the page before. */
  cursor: z.string().max(100).optional(),
  limit: z.int().min(1).max(500).default(100),
});
export type KeptPage = z.output<typeof KeptPageInput>;

export type KeptWritten = {
  readonly id: string;
  readonly version: number;
  readonly position: bigint;
  readonly changed: boolean;
  /** Whether quotes and lists go by it already; where the table is far behind it is written all the same, and is seen once that has come. */
  readonly visible: boolean;
};

export type PutKept<K extends Kind> = {
  readonly id: Kinds[K]["id"];
  readonly data: Kinds[K]["data"];
  readonly idempotencyKey?: IdempotencyKey | undefined;
};
export type RetireKept<K extends Kind> = Omit<PutKept<K>, "data">;

/** What the shop keeps of coupons, shipping methods and tax rates. A write whose answer says `visible` is in every read of this process. */
export type Shop = ShopTerms & {
  /** Each for itself, all of them in few appends. What is already so is left as it is. */
  putMany<K extends Kind>(kind: K, caller: Caller, commands: readonly PutKept<K>[]): Promise<readonly Answer<KeptWritten>[]>;
  /** As `putMany`, but what was ever put is left as it is, also where it is another by now or was retired. */
  putNew<K extends Kind>(kind: K, caller: Caller, commands: readonly PutKept<K>[]): Promise<readonly Answer<KeptWritten>[]>;
  retire<K extends Kind>(kind: K, caller: Caller, command: RetireKept<K>): Promise<Answer<KeptWritten>>;
  list<K extends Kind>(kind: K, page: KeptPage): Promise<{ readonly items: readonly KeptRow<K>[]; readonly nextCursor: string | null }>;
};

export type ShopDeps = {
  readonly handler: Pick<CommandHandler<Kept | null, ShopEvent>, "handle">;
  readonly table: KeptTable;
  readonly now: () => Date;
  /** How long a write waits until the table shows it. */
  readonly settleMs?: number;
};

export const shop = (deps: ShopDeps): Shop => {
  const { table, settleMs = 2_000 } = deps;
  const settled = async (kind: Kind, answers: readonly Answer<Written>[]): Promise<readonly Answer<KeptWritten>[]> => {
    const versions = new Map(answers.flatMap((answer) => (answer.ok ? [[answer.value.id, answer.value.version]] : [])));
    const visible = versions.size === 0 || (await waitUntil(() => table.has(kind, versions), settleMs));
    return answers.map((answer) => (answer.ok ? { ok: true, value: { ...answer.value, visible } } : answer));
  };
  const putting =
    (isLeftAsItIs: (kept: Kept | null) => boolean): Shop["putMany"] =>
    async (kind, caller, commands) => {
      const at = instantOf(deps.now());
      const answers = await Promise.all(
        commands.map(({ id, data, idempotencyKey }) => {
          const decide = (kept: Kept | null): Decision<ShopEvent, never> =>
            isLeftAsItIs(kept) ? accept() : put(kept, data, kinds[kind].put(id, data, at));
          return write(deps, caller, { kind, id, idempotencyKey, input: data, decide });
        }),
      );
      return settled(kind, answers);
    };
  return {
    putMany: putting(() => false),
    putNew: putting((kept) => kept !== null),
    async retire(kind, caller, { id, idempotencyKey }) {
      const at = instantOf(deps.now());
      const decide = (kept: Kept | null): Decision<ShopEvent, Refusal> => {
        if (!kept) return refuse(kinds[kind].notFound(id));
        return kept.isRetired ? accept() : accept(kinds[kind].retire(id, at));
      };
      const [answer] = await settled(kind, [await write(deps, caller, { kind, id, idempotencyKey, input: "retire", decide })]);
      if (!answer) throw new TypeError("one was retired and none was answered");
      return answer;
    },
    async list(kind, { cursor, limit }) {
      const rows = await table.list(kind, { after: cursor, limit: limit + 1 });
      const items = rows.slice(0, limit);
      return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
    },
    async coupons(codes) {
      const rows = await table.get("coupon", codes);
      return new Map(rows.map(({ id, version, data, isRetired }) => [id, { version, terms: data, isRetired }]));
    },
    async shippingMethod(id) {
      const [row] = await table.get("shippingMethod", [id]);
      return row && !row.isRetired ? { shippingMethodId: id, version: row.version, method: row.data } : null;
    },
    async ships() {
      const rows = await table.list("shippingMethod", { limit: mostShippingMethods });
      return rows.some(({ isRetired }) => !isRetired);
    },
    async taxRates() {
      const rows = await table.list("taxRate", { limit: mostTaxRates });
      return rows.flatMap(({ id, version, data, isRetired }) => (isRetired ? [] : [{ taxRateId: id, version, rate: data }]));
    },
  };
};

/** More than there are countries and changes of their rates. */
const mostTaxRates = 10_000;
const mostShippingMethods = 1_000;

const put = (kept: Kept | null, data: Kinds[Kind]["data"], event: ShopEvent): Decision<ShopEvent, never> =>
  kept && !kept.isRetired && canonicalJson(kept.data) === canonicalJson(data) ? accept() : accept(event);

type Write<K extends Kind> = {
  readonly kind: K;
  readonly id: Kinds[K]["id"];
  readonly idempotencyKey: IdempotencyKey | undefined;
  readonly input: unknown;
  readonly decide: (kept: Kept | null) => Decision<ShopEvent, Refusal>;
};

type Written = Omit<KeptWritten, "visible">;

const write = async <K extends Kind>({ handler }: ShopDeps, caller: Caller, command: Write<K>): Promise<Answer<Written>> => {
  const { kind, id, idempotencyKey, input, decide } = command;
  const streamId = kinds[kind].streamId(id);
  const outcome = await handler.handle({
    streamId,
    decide,
    metadata: metadataOf(caller, { subject: caller.subject, kind: caller.kind }),
    fingerprint: canonicalJson({ input }),
    ...(idempotencyKey !== undefined && { key: `${caller.subject} ${streamId} ${idempotencyKey}` }),
    keepsNoChange: true,
  });
  switch (outcome.outcome) {
    case "accepted": {
      const { version, position, changed } = outcome;
      return { ok: true, value: { id, version, position, changed } };
    }
    case "refused":
      return { ok: false, refusal: outcome.refusal };
    case "keyReused":
      if (idempotencyKey === undefined) throw new TypeError(`a minted key was answered before: ${outcome.key}`);
      return { ok: false, refusal: { code: "IdempotencyKeyReused", key: idempotencyKey } };
    case "versionMismatch":
    case "claimed":
      throw new TypeError(`${streamId} neither expects a version nor claims anything: ${outcome.outcome}`);
  }
};
