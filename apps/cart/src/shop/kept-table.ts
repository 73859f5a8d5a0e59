import type { Kind, Kinds } from "./kept.ts";

/** Something that the shop keeps; `version` is that of its stream, at which it was last put or retired. */
export type KeptRow<K extends Kind = Kind> = {
  readonly kind: K;
  readonly id: Kinds[K]["id"];
  readonly version: number;
  readonly data: Kinds[K]["data"];
  readonly isRetired: boolean;
};

/** What the shop keeps as the projection has it: a moment behind the log. */
export type KeptTable = {
  /** Those that are there. */
  get<K extends Kind>(kind: K, ids: readonly Kinds[K]["id"][]): Promise<readonly KeptRow<K>[]>;
  /** In the order of their ids, behind `after`. Retired ones are in it. */
  list<K extends Kind>(kind: K, page: { readonly after?: string | undefined; readonly limit: number }): Promise<readonly KeptRow<K>[]>;
  /** Whether every one of these is there in this version or a newer one. */
  has(kind: Kind, versions: ReadonlyMap<string, number>): Promise<boolean>;
};
