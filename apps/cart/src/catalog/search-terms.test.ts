import { expect, test } from "vitest";
import { foldText, searchTerms } from "./search-terms.ts";

test.each([
  ["Gaming Laptop", ["gaming", "laptop"]],
  ['Écran 27" – USB-C', ["ecran", "27", "usb", "c"]],
  ["ÜBER über Uber", ["uber"]],
  ["ゲーミング ノート", ["ケーミンク", "ノート"]],
  ["' & | ! :* \\ <->", []],
  ["", []],
])("%j is looked for by %j", (text, terms) => expect(searchTerms(text)).toEqual(terms));

test("no more terms than asked for", () => expect(searchTerms("a b c d", 2)).toEqual(["a", "b"]));

test("accents and case do not decide where a name stands", () => expect(foldText("Écran")).toBe("ecran"));
