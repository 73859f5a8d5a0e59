import { expect, test } from "vitest";
import { startOptions, UnknownOption } from "./start-options.ts";

test("data is kept unless --reset is given", () => {
  expect(startOptions([])).toEqual({ reset: false });
  expect(startOptions(["--reset"])).toEqual({ reset: true });
});

test("a misspelt option is refused in a line that names the right one", () => {
  expect(() => startOptions(["--rest"])).toThrow(UnknownOption);
  expect(() => startOptions(["--rest"])).toThrow(/^--rest is no option of start; --reset is one/);
});
