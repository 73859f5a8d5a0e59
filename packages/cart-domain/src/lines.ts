import type { ProductSnapshot } from "@cartwright/contracts/cart-shapes";
import type { ProductId } from "@cartwright/contracts/ids";
import type { Money } from "@cartwright/contracts/money";

/** One product in a cart, as it was when it was put in. */
export type CartLine = {
  readonly productId: ProductId;
  readonly product: ProductSnapshot;
  readonly quantity: number;
  readonly unitPrice: Money;
  /** Lines are shown in this order. It survives a removal that is undone. */
  readonly ordinal: number;
};

/**
 * The lines of a cart with their sums: an immutable hash table of fixed width. A change copies the table and one bucket and shares the
 * rest, so that a replay of a thousand events over 500 lines stays cheap and every earlier state remains what it was.
 */
export type Lines = {
  readonly count: number;
  /** Pieces over all lines. */
  readonly itemCount: number;
  /** In minor units of the cart's currency; exact up to 2^53 − 1, which no decision lets a cart pass. */
  readonly totalMinor: number;
  readonly buckets: readonly Bucket[];
};

type Bucket = readonly CartLine[];

const width = 32;
const emptyBucket: Bucket = [];

export const noLines: Lines = { count: 0, itemCount: 0, totalMinor: 0, buckets: new Array<Bucket>(width).fill(emptyBucket) };

export const lineOf = (lines: Lines, productId: ProductId): CartLine | undefined =>
  lines.buckets[slotOf(productId)]?.find((line) => line.productId === productId);

/** With the line added, or in the place of the one of the same product. */
export const withLine = (lines: Lines, line: CartLine): Lines => {
  const slot = slotOf(line.productId);
  const bucket = lines.buckets[slot] ?? emptyBucket;
  const index = bucket.findIndex(({ productId }) => productId === line.productId);
  const before = bucket[index];
  return {
    count: lines.count + (before ? 0 : 1),
    itemCount: lines.itemCount - (before?.quantity ?? 0) + line.quantity,
    totalMinor: lines.totalMinor - (before ? lineTotalMinor(before) : 0) + lineTotalMinor(line),
    buckets: lines.buckets.with(slot, before ? bucket.with(index, line) : [...bucket, line]),
  };
};

/** The same lines where the product is not among them. */
export const withoutLine = (lines: Lines, productId: ProductId): Lines => {
  const removed = lineOf(lines, productId);
  if (!removed) return lines;
  const slot = slotOf(productId);
  return {
    count: lines.count - 1,
    itemCount: lines.itemCount - removed.quantity,
    totalMinor: lines.totalMinor - lineTotalMinor(removed),
    buckets: lines.buckets.with(slot, lines.buckets[slot]?.filter((line) => line !== removed) ?? emptyBucket),
  };
};

/** In the order in which they are shown. */
export const allLines = (lines: Lines): readonly CartLine[] => lines.buckets.flat().sort((left, right) => left.ordinal - right.ordinal);

export const lineTotalMinor = (line: CartLine): number => line.unitPrice.amountMinor * line.quantity;

// FNV-1a; product ids are ASCII.
const slotOf = (productId: ProductId): number => {
  let hash = 0x811c9dc5;
  for (let index = 0; index < productId.length; index++) hash = Math.imul(hash ^ productId.charCodeAt(index), 0x01000193);
  return (hash ^ (hash >>> 15)) & (width - 1);
};
