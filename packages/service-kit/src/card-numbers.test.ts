import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { holdsCardNumber, withoutCardNumbers } from "./card-numbers.ts";

describe("what looks like a card's number", () => {
  test.each([
    "4242424242424242",
    "4242 4242 4242 4242",
    "my card is 5555-5555-5555-4444.",
    "378282246310005",
    "3782 822463 10005",
    "4222222222222",
    "3056 9300 0902 0004",
    "36227206271667",
    "3566002020360505",
    "6205500000000000004",
    "4242 4242 4242 4242 12/27",
    "4242 4242 4242 4242 123",
    "exp 12/27 4242424242424242",
    "2 4242424242424242",
    "4242424242424242 0327",
    "4242424242424242123",
    "4242.4242.4242.4242",
    "4242\u00a04242\u00a04242\u00a04242",
    "4242  4242  4242  4242",
    "4242\n4242\n4242\n4242",
    "4242–4242–4242–4242",
    "４２４２４２４２４２４２４２４２",
    "4 2 4 2 4 2 4 2 4 2 4 2 4 2 4 2",
    "pm_x4242424242424242",
    "00000000-0000-4000-8000-000000000000 4242424242424242",
    4_242_424_242_424_242,
  ])("is seen in %s, as a value and as a name", (given) => {
    expect(holdsCardNumber({ deep: [{ note: given }] })).toBe(true);
    expect(holdsCardNumber({ [given]: null })).toBe(true);
  });

  test.each([
    ["a number whose check digit is another", "4242424242424241"],
    ["a number that no scheme issues", "1234567812345670"],
    ["a payment's id", "00000000-0000-4000-8000-000000000000.1"],
    ["a cart's id of another client", "42424242-4242-4424-8242-424242424242"],
    ["a hash", "a4242424242424242b4242424242424242c4242424242424242d4242424242424242"],
    ["a quote's hash and what it is about", "n4bQgYhMfWWaL-qgxVrQFa.O_TxsrC4Is0V1sFbDwC4242.424242424242"],
    ["a payment method", "pm_1NXWPnLkdIwHu7ix4242424242"],
    ["a barcode", "4006381333931"],
    ["a telephone number", "+4915112345678"],
    ["a telephone number with spaces", "+49 1511 2345 678"],
    ["a time in nanoseconds", "1764295345123456789"],
    ["an amount in words", "4.242.424.242.424.242"],
    ["a duration", "4242.424242424242"],
    ["addresses of the internet", "44.231.12.101 44.211.14.102"],
    ["nothing of the kind", "prod-456"],
  ])("is not seen in %s", (_what, text) => {
    expect(holdsCardNumber({ deep: [text] })).toBe(false);
  });

  test("is not seen in an amount of money, which may be as long", () => {
    expect(holdsCardNumber({ amount: { amountMinor: 4_242_424_242_424_242, currency: "VND" }, price: 4_242_424_242_424_242 })).toBe(false);
  });

  test("is looked for in steps that grow with the text alone, however its digits stand", () => {
    const took = (text: string) => {
      const startedAt = performance.now();
      expect(holdsCardNumber(text)).toBe(false);
      return performance.now() - startedAt;
    };
    for (const digits of ["4 ", "1", "4111 "]) {
      took(digits.repeat(1_000));
      expect(took(digits.repeat(100_000))).toBeLessThan(5_000);
      expect(holdsCardNumber(`${digits.repeat(1_000)}, 4242 4242 4242 4242`)).toBe(true);
    }
  }, 30_000);

  test("is seen in whatever form people write it, beside whatever stands on the card", () => {
    fc.assert(
      fc.property(
        cardNumber,
        fc.constantFrom(" ", "-", ".", "\u00a0", "  ", " - ", ""),
        before,
        after,
        (number, separator, left, right) => {
          const written = number.match(/\d{4}(?!\d{1,2}$)|\d+$/g)?.join(separator) ?? number;
          expect(holdsCardNumber(`${left}${written}${right}`)).toBe(true);
          expect(withoutCardNumbers(`${left}${written}${right}`, "…")).not.toContain(written);
        },
      ),
    );
  });

  test("is not seen in what the system itself writes", () => {
    const instant = fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true }).map((date) => date.toISOString());
    const ordinal = fc.integer({ min: 1, max: 999_999_999 });
    const checkout = fc.tuple(fc.uuid(), ordinal).map(([cart, attempt]) => `${cart}.${attempt}`);
    const hex = (length: number) =>
      fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => Buffer.from(bytes).toString("hex"));
    const money = fc.record({ amountMinor: fc.maxSafeNat(), currency: fc.constantFrom("EUR", "VND", "KWD") });
    const position = fc.tuple(fc.uuid(), fc.nat({ max: 15 }), fc.nat()).map(([epoch, shard, at]) => `cart:${epoch}:${shard}:${at}`);
    const refund = fc.tuple(checkout, ordinal).map(([payment, n]) => `${payment}.r${n}`);
    const traceparent = fc
      .tuple(hex(16), hex(8))
      .map(([trace, parent]) => `00-${trace.replace(/^./, "a")}-${parent.replace(/^./, "b")}-01`);
    fc.assert(
      fc.property(fc.oneof(instant, checkout, hex(32), money, position, refund, traceparent, fc.uuid()), (value) => {
        expect(holdsCardNumber(value)).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });
});

test("a text without the numbers in it is otherwise as it was", () => {
  const text = "4242 4242 4242 4242 12/27, or 5555555555554444; order 00000000-0000-4000-8000-000000000000.1";
  expect(withoutCardNumbers(text, "[]")).toBe("[] 12/27, or []; order 00000000-0000-4000-8000-000000000000.1");
  expect(withoutCardNumbers("nothing to see", "[]")).toBe("nothing to see");
});

const withCheckDigit = (digits: string): string => {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const weighted = Number(digit) * (index % 2 === 0 ? 2 : 1);
    return total + (weighted > 9 ? weighted - 9 : weighted);
  }, 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
};

const cardNumber = fc
  .constantFrom(
    ...["4", "51", "2221", "3528", "6011", "62", "6759", "2200"].map((prefix) => ({ prefix, length: 16 })),
    ...["34", "37"].map((prefix) => ({ prefix, length: 15 })),
    ...[
      { prefix: "36", length: 14 },
      { prefix: "4", length: 19 },
    ],
  )
  .chain(({ prefix, length }) => {
    const digits = fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 19, maxLength: 19 });
    return digits.map((rest) => withCheckDigit((prefix + rest).slice(0, length - 1)));
  });
const before = fc.constantFrom("", "card ", "2 ", "exp 12/27 ", "no. ", "pm_x", "(");
const after = fc.constantFrom("", " 12/27", " 123", " 0327", " exp", "\n", ")", ", thanks");
