import { expect, test } from "vitest";
import { startOptions, UnknownOption } from "./start-options.ts";

test("data is kept unless --reset is given", () => {
  expect(startOptions([])).toEqual({ reset: false, help: false });
  expect(startOptions(["--reset"])).toEqual({ reset: true, help: false });
});

test.each([["--help"], ["-h"], ["--reset", "--help"]])("%s asks what there is, and resets nothing", (...given) => {
  expect(startOptions(given)).toEqual({ reset: false, help: true });
});

test("a misspelt option is refused in a line that names the right one", () => {
  expect(() => startOptions(["--rest"])).toThrow(UnknownOption);
  expect(() => startOptions(["--rest"])).toThrow(/^--rest is no option of start; --reset is one/);
});
