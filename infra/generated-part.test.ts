import { expect, test } from "vitest";
import { replaceGeneratedPart } from "./generated-part.ts";

const document = "# A\n\n<!-- generated:x -->\nold\n<!-- /generated:x -->\n\nafter <!-- generated:y --><!-- /generated:y -->\n";

test("what stands between the markers is replaced and nothing else", () => {
  const once = replaceGeneratedPart(document, "x", "| new $& |\n");
  expect(once).toBe(
    "# A\n\n<!-- generated:x -->\n\n| new $& |\n\n<!-- /generated:x -->\n\nafter <!-- generated:y --><!-- /generated:y -->\n",
  );
  expect(replaceGeneratedPart(once, "x", "| new $& |")).toBe(once);
});

test.each([
  ["no part", "# A"],
  ["no end", "<!-- generated:x -->"],
  ["two parts", document + document],
  ["an end that comes first", "<!-- /generated:x --> <!-- generated:x -->"],
])("a document with %s is refused", (_name, text) => {
  expect(() => replaceGeneratedPart(text, "x", "new")).toThrow("<!-- generated:x -->");
});
