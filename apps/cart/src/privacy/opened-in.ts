import { PersonalField } from "@cartwright/contracts/personal-data";
import { Sealed } from "@cartwright/contracts/sealed";
import type { SealedField, Sealer } from "./sealer.ts";

/**
 * A copy of what is stored, in which each sealed value is opened, all of them in one call; null where it can't be read any more. A sealed
 * value stands under the name that it was sealed under.
 */
export const openedIn = async <Stored>(sealer: Pick<Sealer, "open">, stored: Stored): Promise<Stored> => {
  const found = new Map<string, SealedField>();
  walk(stored, (name, leaf) => {
    const [field, sealed] = [PersonalField.safeParse(name), Sealed.safeParse(leaf)];
    if (field.success && sealed.success) found.set(sealed.data, { field: field.data, sealed: sealed.data });
    return leaf;
  });
  if (found.size === 0) return stored;
  const texts = await sealer.open([...found.values()]);
  const textOf = new Map([...found.keys()].map((sealed, index) => [sealed, texts[index] ?? null]));
  // Of the same shape, but for the texts.
  return walk(stored, (_, leaf) => (typeof leaf === "string" && textOf.has(leaf) ? textOf.get(leaf) : leaf)) as Stored;
};

/** A copy in which each leaf is what `change` makes of it, by its name. */
const walk = (value: unknown, change: (name: string, leaf: unknown) => unknown, name = ""): unknown => {
  if (Array.isArray(value)) return value.map((item) => walk(item, change, name));
  if (typeof value !== "object" || value === null || value instanceof Date) return change(name, value);
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, walk(field, change, key)]));
};
