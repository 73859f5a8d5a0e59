import { expect, test } from "vitest";
import { benchOptions } from "./bench-options.ts";

test("what is measured, for how long and how it is told", () => {
  expect(benchOptions([])).toEqual({ json: false, seconds: 5, parts: [], help: false });
  expect(benchOptions(["redis", "cart view", "--seconds=0.5", "--json"])).toMatchObject({
    json: true,
    seconds: 0.5,
    parts: ["redis", "cart view"],
  });
  expect(benchOptions(["--help"])).toMatchObject({ help: true });
});

test.each([["--second=3"], ["--seconds=soon"], ["--seconds=0"], ["--json=yes"]])("%s is refused in words", (...args) => {
  expect(benchOptions(args)).toEqual({ fault: expect.any(String) });
});
