import { describe, expect, test } from "vitest";
import { ProductData } from "./product-data.ts";

const laptop = {
  name: "Gaming Laptop",
  description: "17 inches.\n32 GB.",
  category: "Computers",
  image: "/images/gaming-laptop.webp",
  tags: ["gaming"],
  stockId: null,
  prices: [
    { amountMinor: 25_000_000, currency: "EUR" },
    { amountMinor: 3_900_000, currency: "JPY" },
  ],
};

describe("a product of the catalogue", () => {
  test("has a price in each currency that it is offered in", () => {
    expect(ProductData.safeParse(laptop).success).toBe(true);
    expect(ProductData.safeParse({ ...laptop, prices: [] }).success).toBe(false);
    expect(ProductData.safeParse({ ...laptop, prices: [laptop.prices[0], { amountMinor: 1, currency: "EUR" }] }).success).toBe(false);
  });

  test.each(["javascript:alert(1)", "data:text/html,x", "//elsewhere.example/x.png", "x.png", "/a b.png", ""])(
    "has no image at %j",
    (image) => {
      expect(ProductData.safeParse({ ...laptop, image }).success).toBe(false);
    },
  );

  test.each(["https://cdn.example/x.png?w=1", "/x.png", null])("may have its image at %j", (image) => {
    expect(ProductData.safeParse({ ...laptop, image }).success).toBe(true);
  });
});
