import { describe, expect, test } from "vitest";
import { lineOfText, textBlock } from "./text.ts";

const accepts = (schema: { safeParse(text: unknown): { success: boolean } }, text: unknown) => schema.safeParse(text).success;

describe("text that enters an event", () => {
  test.each(["Gaming Laptop", 'Ä "quoted" \\ 😀', "日本語", "a"])("may be %j", (text) => {
    expect(accepts(lineOfText(40), text)).toBe(true);
    expect(accepts(textBlock(40), text)).toBe(true);
  });

  test.each(["a\u0000b", "\ud800", "x\udc00y", "a\u0007", "\u0085"])("is never %j, which no store would hold unchanged", (text) => {
    expect(accepts(lineOfText(40), text)).toBe(false);
    expect(accepts(textBlock(40), text)).toBe(false);
  });

  test("breaks its line only where it is a block", () => {
    for (const text of ["one\ntwo", "one\ttwo", "one\u2028two"]) {
      expect(accepts(lineOfText(40), text)).toBe(false);
      expect(accepts(textBlock(40), text)).toBe(true);
    }
  });

  test("is bounded, and a line is not blank", () => {
    expect(accepts(lineOfText(3), "abc")).toBe(true);
    expect(accepts(lineOfText(3), "abcd")).toBe(false);
    expect(accepts(lineOfText(3), "")).toBe(false);
    expect(accepts(lineOfText(3), "  ")).toBe(false);
    expect(accepts(textBlock(3), "")).toBe(true);
    expect(accepts(textBlock(3), "abcd")).toBe(false);
  });
});
