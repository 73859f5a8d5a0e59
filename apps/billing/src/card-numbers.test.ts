import { describe, expect, test } from "vitest";
import { holdsCardNumber } from "./card-numbers.ts";

describe("what looks like a card's number", () => {
  test.each(["4242424242424242", "4242 4242 4242 4242", "my card is 5555-5555-5555-4444.", "378282246310005", 4_242_424_242_424_242])(
    "is seen in %s",
    (value) => expect(holdsCardNumber({ deep: [{ note: value }] })).toBe(true),
  );

  test.each(["4242424242424241", "00000000-0000-4000-8000-000000000000.1", "pm_card_visa", "42", "5f0c6a1e-8d1b-4a57-9a3e-2f6f1d0c9b11"])(
    "is not seen in %s",
    (value) => expect(holdsCardNumber({ deep: [value] })).toBe(false),
  );
});
