import type { Kind } from "./kept.ts";
import type { KeptRow, KeptTable } from "./kept-table.ts";

/** For tests, and where there is no PostgreSQL. */
export const inMemoryKeptTable = (): KeptTable & { put(rows: readonly KeptRow[]): void; rows(): readonly KeptRow[] } => {
  const rows = new Map<string, KeptRow>();
  const keyOf = (kind: Kind, id: string) => `${kind} ${id}`;
  // A key holds rows of its own kind alone.
  const of = <K extends Kind>(kind: K) => [...rows.values()].filter((row) => row.kind === kind) as unknown as readonly KeptRow<K>[];
  return {
    put(changed) {
      for (const row of changed) {
        const key = keyOf(row.kind, row.id);
        if (row.version > (rows.get(key)?.version ?? 0)) rows.set(key, row);
      }
    },
    rows: () => [...rows.values()],
    get: async (kind, ids) => of(kind).filter(({ id }) => ids.includes(id)),
    list: async (kind, { after = "", limit }) =>
      of(kind)
        .filter(({ id }) => id > after)
        .toSorted((one, other) => (one.id < other.id ? -1 : 1))
        .slice(0, limit),
    has: async (kind, versions) => versions.entries().every(([id, version]) => (rows.get(keyOf(kind, id))?.version ?? 0) >= version),
  };
};
