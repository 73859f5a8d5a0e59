import { expect, test } from "vitest";
import { consoleLogger } from "./console-logger.ts";

const recorded = () => {
  const lines: [level: string, line: string][] = [];
  const to = Object.fromEntries((["info", "warn", "error"] as const).map((level) => [level, (line: string) => lines.push([level, line])]));
  return { logger: consoleLogger({ service: "cart" }, to as never), lines, last: () => JSON.parse(lines.at(-1)?.[1] ?? "null") };
};

test("a line is JSON with the time, the level, the service and the message, and goes where its level does", () => {
  const { logger, lines, last } = recorded();
  logger.child({ correlationId: "corr-1" }).warn({ cartId: "c-1" }, "slow");
  const line = { level: "warn", time: expect.stringMatching(/^\d{4}-.*Z$/), service: "cart", correlationId: "corr-1", cartId: "c-1" };
  expect(last()).toEqual({ ...line, msg: "slow" });
  logger.error(new TypeError("no"), "failed");
  expect(last()).toMatchObject({ level: "error", err: { type: "TypeError", message: "no" } });
  logger.debug({}, "x");
  expect(lines.map(([level]) => level)).toEqual(["warn", "error"]);
});

test("no line holds a secret, by the name of its field or by its form", () => {
  const { logger, lines } = recorded();
  logger.child({ token: "s3cr3t" }).info({ headers: { authorization: "s3cr3t" } }, "cannot reach postgres://cart:s3cr3t@db/cart");
  expect(lines.join("")).not.toMatch("s3cr3t");
});
