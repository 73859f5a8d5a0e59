import type { ProductId } from "@cartwright/contracts/ids";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eur, productId, snapshot } from "./cart-spec.ts";
import { allLines, type CartLine, lineOf, noLines, withLine, withoutLine } from "./lines.ts";

const lineOfProduct = (product: number, quantity: number): CartLine => ({
  productId: productId(`product-${product}`),
  product: snapshot(String(product)),
  quantity,
  unitPrice: eur(product),
  ordinal: product,
});

const change = fc.record({ product: fc.nat(80), quantity: fc.nat(9) });

describe("the lines of a cart", () => {
  test("hold what a map of lines would, through any changes", () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
        const model = new Map<ProductId, CartLine>();
        let lines = noLines;
        for (const { product, quantity } of changes) {
          const line = lineOfProduct(product, quantity);
          if (quantity > 0) model.set(line.productId, line);
          else model.delete(line.productId);
          lines = quantity > 0 ? withLine(lines, line) : withoutLine(lines, line.productId);
          expect(lineOf(lines, line.productId)).toEqual(model.get(line.productId));
        }
        const expected = [...model.values()].sort((left, right) => left.ordinal - right.ordinal);
        expect(allLines(lines)).toEqual(expected);
        expect(lines).toMatchObject({
          count: expected.length,
          itemCount: expected.reduce((sum, line) => sum + line.quantity, 0),
          totalMinor: expected.reduce((sum, line) => sum + line.quantity * line.unitPrice.amountMinor, 0),
        });
      }),
    );
  });

  test("never change under the hands of those who hold an earlier state", () => {
    const first = withLine(noLines, lineOfProduct(1, 1));
    const copy = structuredClone(first);
    withLine(first, lineOfProduct(1, 5));
    withLine(first, lineOfProduct(2, 1));
    withoutLine(first, productId("product-1"));
    expect(first).toEqual(copy);
    expect(allLines(noLines)).toEqual([]);
  });

  test("share what did not change", () => {
    const many = Array.from({ length: 500 }, (_, product) => lineOfProduct(product, 1)).reduce(withLine, noLines);
    const changed = withLine(many, lineOfProduct(7, 2));
    expect(changed.buckets.filter((bucket, slot) => bucket !== many.buckets[slot])).toHaveLength(1);
    expect(Math.max(...many.buckets.map((bucket) => bucket.length))).toBeLessThan(50);
  });
});
