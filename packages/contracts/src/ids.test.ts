import { describe, expect, test } from "vitest";
import { CartId, IdempotencyKey, ProductId, SubjectId } from "./ids.ts";

describe("a cart's id", () => {
  test("is a UUID, and its two spellings are one cart", () => {
    expect(CartId.parse("123E4567-E89B-12D3-A456-426614174000")).toBe(CartId.parse("123e4567-e89b-12d3-a456-426614174000"));
  });

  test.each(["", "123", "123e4567e89b12d3a456426614174000", " 123e4567-e89b-12d3-a456-426614174000", 5, null])("is not %j", (id) => {
    expect(CartId.safeParse(id).success).toBe(false);
  });
});

describe("a product's id", () => {
  test.each(["prod-456", "SKU:1.0~b", "__proto__", "a".repeat(64)])("may be %s", (id) => {
    expect(ProductId.parse(id)).toBe(id as ProductId);
  });

  test.each(["", "a b", "a/b", "ä", "a\n", "a".repeat(65), 456])("is not %j", (id) => {
    expect(ProductId.safeParse(id).success).toBe(false);
  });
});

describe("a subject", () => {
  test.each(["user-123", "guest-5f0c6a1e-8d1b-4a57-9a3e-2f6f1d0c9b11", "auth0|5f7c", "ada@example.com", "https://issuer.example/u/1"])(
    "may be %s",
    (id) => {
      expect(SubjectId.parse(id)).toBe(id as SubjectId);
    },
  );

  test.each(["", "a b", "a\u0000", "a\n", "ä", "a".repeat(129)])("is not %j", (id) => {
    expect(SubjectId.safeParse(id).success).toBe(false);
  });
});

test("an idempotency key fits a header", () => {
  expect(IdempotencyKey.safeParse("5f0c6a1e-8d1b-4a57-9a3e-2f6f1d0c9b11").success).toBe(true);
  expect(IdempotencyKey.safeParse("a\r\nb").success).toBe(false);
  expect(IdempotencyKey.safeParse("a".repeat(129)).success).toBe(false);
});
