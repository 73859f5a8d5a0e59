import { groupOf, type VersionRef } from "../projection-versions.ts";

/** Each log is counted by a group of its own: to Kafka, a group that reads several topics is one whose members must read all of them. */
export const figuresGroupOf = (of: Pick<VersionRef, "store" | "version">, log: string): string =>
  `${groupOf({ projection: "figures", ...of })}.${log}`;
