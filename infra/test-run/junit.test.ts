import { expect, test } from "vitest";
import { parseJunit, parseJunitByFile } from "./junit.ts";

test("counts the cases of nested suites, and names the failed and the skipped ones", () => {
  const xml = `<?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="bun test" tests="5" failures="1" skipped="2">
      <testsuite name="a.test.ts" tests="5">
        <testcase name="adds" classname="" time="0.1" file="a.test.ts" />
        <testcase name="5 &gt; 3 &amp; &quot;so&quot;" classname="" time="0"><failure type="AssertionError">no &lt;/testcase&gt;</failure></testcase>
        <testcase name="later" classname="cart &gt; limits"><skipped message="TODO" /></testcase>
        <testsuite name="group"><testcase name="inner" classname="group"/><testcase name="off" classname="group">
          <skipped />
        </testcase></testsuite>
      </testsuite>
    </testsuites>`;
  expect(parseJunit(xml)).toEqual({
    durationMs: 100,
    passed: 2,
    failed: ['5 > 3 & "so"'],
    skipped: ["cart > limits > later", "group > off"],
  });
});

test("an error counts as a failure, and what a test printed is not read", () => {
  const xml = `<testcase classname="x" name="y"><error message="&lt;skipped /&gt;"/><system-out>a &lt;testcase name="z" /&gt;</system-out></testcase>`;
  expect(parseJunit(xml)).toMatchObject({ passed: 0, failed: ["x > y"], skipped: [] });
});

test("tells the files apart that a run took together", () => {
  const xml = `<testcase name="x" file="a.test.ts" time="0.5"/><testcase name="x" file="b.test.ts"><failure/></testcase><testcase name="y" file="a.test.ts" time="0.25"/>`;
  expect([...parseJunitByFile(xml)]).toEqual([
    ["a.test.ts", { passed: 2, failed: [], skipped: [], durationMs: 750 }],
    ["b.test.ts", { passed: 0, failed: ["x"], skipped: [], durationMs: 0 }],
  ]);
});
