import { LRUCache } from "lru-cache";
import type { OpenSealed, SealedValue } from "./open-remotely.ts";

export type OpenedMemory = {
  /** As it was asked, in part from memory: for what is shown, not for what is done. */
  readonly open: OpenSealed;
  /** Forgets all that was sealed with this key: for `SubjectForgotten`, which names it. */
  drop(keyId: string): void;
};

export type OpenedMemoryOptions = {
  /** How long an opened value is remembered, in a process that does not hear who is forgotten. */
  readonly rememberedMs?: number;
  /** How many are. */
  readonly remembered?: number;
};

/** Remembers for a moment what was opened, so that who looks at the same page again asks nobody. */
export const openedMemory = (open: OpenSealed, { rememberedMs = 10_000, remembered = 10_000 }: OpenedMemoryOptions = {}): OpenedMemory => {
  const cache = new LRUCache<string, string>({ max: remembered, ttl: rememberedMs });
  let drops = 0;
  return {
    async open(values) {
      const known = new Map<string, string | null>();
      const unknown = new Map<string, SealedValue>();
      for (const value of values) {
        const text = cache.get(nameOf(value));
        if (text === undefined) unknown.set(nameOf(value), value);
        else known.set(nameOf(value), text);
      }
      const before = drops;
      const texts = unknown.size > 0 ? await open([...unknown.values()]) : [];
      for (const [index, name] of [...unknown.keys()].entries()) {
        const text = texts[index] ?? null;
        known.set(name, text);
        // An answer that was on its way when somebody was forgotten may be about them.
        if (text !== null && drops === before) cache.set(name, text);
      }
      return values.map((value) => known.get(nameOf(value)) ?? null);
    },
    drop(keyId) {
      drops++;
      for (const name of [...cache.keys()]) if (name.includes(`.${keyId}.`)) cache.delete(name);
    },
  };
};

const nameOf = ({ field, sealed }: SealedValue) => `${field} ${sealed}`;
