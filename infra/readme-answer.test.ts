import { expect, test } from "vitest";
import { readmeFault } from "./readme-answer.ts";

const faultOf = (format: "json" | "text", text: string, stdout: string) =>
  readmeFault({ block: { line: 7, script: "", answer: { format, text } }, exitCode: 0, stdout, stderr: "" });

test.each([
  [`{ "a": 1 }`, `{"a":1}`],
  [`{ "a": "…" }`, `{"a":{"b":[]}}`],
  [`{ "token": "eyJ….…" }`, `{"token":"eyJhbGciOi.J9.x"}`],
  [`{ "a": 1, "…": "…" }`, `{"b":2,"a":1}`],
  [`[{ "a": 1 }, "…"]`, `[{"a":1},{"a":2},{"a":3}]`],
  [`["…"]`, `[]`],
])("%s stands for %s", (expected, actual) => {
  expect(faultOf("json", expected, actual)).toBeUndefined();
});

test.each([
  [`{ "a": 1 }`, `{"a":2}`, "the answer.a is 2, not 1"],
  [`{ "a": 1 }`, `{"a":"1"}`, `the answer.a is "1", not 1`],
  [`{ "a": null }`, `{"a":{}}`, "the answer.a is {}, not null"],
  [`{ "a": 1 }`, `{"a":1,"b":2}`, "the answer has b too"],
  [`{ "a": 1, "…": "…" }`, `{"b":2}`, "the answer has no a"],
  [`[1]`, `[1,2]`, "the answer has 2 elements"],
  [`[1, 2, "…"]`, `[1]`, "the answer has 1 elements"],
  [`{ "a": ["x…"] }`, `{"a":["yx"]}`, `the answer.a[0] is "yx"`],
  [`{ "a": 1 }`, `<html>`, "no JSON"],
])("%s does not stand for %s", (expected, actual, fault) => {
  expect(faultOf("json", expected, actual)).toContain(fault);
});

test("a text answer is matched whole, but for what … stands for", () => {
  expect(faultOf("text", "cart … opened\nport 5105", "cart 7 opened\nport 5105\n")).toBeUndefined();
  expect(faultOf("text", "cart (1) opened", "cart 1 opened")).toContain("not");
});

test("a block that fails or does not end is a fault, with its line and what it printed", () => {
  const block = { line: 7, script: "" };
  expect(readmeFault({ block, exitCode: 7, stdout: "", stderr: "refused" })).toBe("README.md, line 7: exit code 7\n\nrefused");
  expect(readmeFault({ block, exitCode: null, stdout: "", stderr: "" })).toContain("did not end");
  expect(readmeFault({ block, exitCode: 0, stdout: "", stderr: "" })).toBeUndefined();
});
