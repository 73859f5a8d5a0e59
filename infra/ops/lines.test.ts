import { expect, test } from "vitest";
import { catalogueFaultLine, counted, shopFaultLine } from "./lines.ts";

test("one thing is not several", () => {
  expect([0, 1, 2].map((count) => counted(count, "fault"))).toEqual(["0 faults", "1 fault", "2 faults"]);
});

test("a fault says where it is, as far as it is somewhere", () => {
  const message = "must be one";
  expect(catalogueFaultLine({ row: null, productId: null, path: "", message })).toBe("  the file: must be one");
  expect(catalogueFaultLine({ row: 2, productId: "mouse", path: "prices.0", message })).toBe("  row 2 (mouse), prices.0: must be one");
  expect(shopFaultLine({ section: "stocks", row: 1, path: "onHand", message })).toBe("  stocks, row 1, onHand: must be one");
});
