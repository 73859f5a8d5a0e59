import type { CartSnapshot } from "@cartwright/contracts/live-cart";
import { absentCart, type Cart } from "./cart.ts";
import { allLines, noLines, withLine } from "./lines.ts";

/** The cart as JSON; null where no event has happened yet. */
export const snapshotOf = (cart: Cart): CartSnapshot | null => {
  if (cart.status === "Absent") return null;
  const { lines, ...facts } = cart;
  return { ...facts, lines: allLines(lines) };
};

/** The cart that the snapshot was made of: it takes the same commands and shows the same. */
export const cartFromSnapshot = (snapshot: CartSnapshot | null): Cart =>
  snapshot === null ? absentCart : { ...snapshot, lines: snapshot.lines.reduce(withLine, noLines) };
