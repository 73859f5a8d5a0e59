import type { ShopEvent } from "@cartwright/contracts/shop-events";
import { type Kind, type Kinds, keptChangeOf } from "./kept.ts";
import type { KeptRow } from "./kept-table.ts";

export type KeptEvent = { readonly event: ShopEvent; readonly version: number };

/** What these events change, as it is after them. What a retired one was is in `before`, or was put by these. */
export const keptRowsAfter = (before: readonly KeptRow[], events: readonly KeptEvent[]): readonly KeptRow[] => {
  const keyOf = (kind: Kind, id: string) => `${kind} ${id}`;
  const rows = new Map(before.map((row) => [keyOf(row.kind, row.id), row]));
  const changed = new Map<string, KeptRow>();
  for (const { event, version } of events) {
    const change = keptChangeOf(event);
    if (!change) continue;
    const key = keyOf(change.kind, change.id);
    const row = changed.get(key) ?? rows.get(key);
    if (row && row.version >= version) continue;
    const data = change.data ?? row?.data;
    // Retired without ever having been put: its decision does not let that happen.
    if (data) changed.set(key, { kind: change.kind, id: change.id, version, data, isRetired: change.data === null } as KeptRow);
  }
  return [...changed.values()];
};

/** Of which kept things these events tell. */
export const keptIdsIn = (events: readonly ShopEvent[]): ReadonlyMap<Kind, readonly Kinds[Kind]["id"][]> =>
  new Map(
    [
      ...Map.groupBy(
        events.flatMap((event) => keptChangeOf(event) ?? []),
        ({ kind }) => kind,
      ),
    ].map(([kind, changes]) => [kind, [...new Set(changes.map(({ id }) => id))]]),
  );
