import { type LogEntry, logLevel } from "kafkajs";
import { expect, test } from "vitest";
import { kafkaLogCreator } from "./kafka-logger.ts";

const logged = (entry: Partial<LogEntry> & { message: string; error?: string }) => {
  const lines: { severity: string; fields: object; message: string }[] = [];
  const at = (severity: string) => (fields: object, message: string) => lines.push({ severity, fields, message });
  const { message, error, ...rest } = entry;
  const log = { timestamp: "", logger: "kafkajs", message, ...(error !== undefined && { error }), stack: "at …" };
  kafkaLogCreator({ info: at("info"), warn: at("warn"), error: at("error") })(logLevel.WARN)({
    namespace: "Connection",
    level: logLevel.ERROR,
    label: "ERROR",
    ...rest,
    log,
  });
  return lines[0];
};

test.each([
  ["Response GroupCoordinator(key: 10, version: 2)", "The group coordinator is not available"],
  ["Response InitProducerId(key: 22, version: 1)", "The coordinator is loading and hence can't process requests for this group"],
  ["Response Metadata(key: 3, version: 6)", "There is no leader for this topic-partition as we are in the middle of a leadership election"],
  ["Response Heartbeat(key: 12, version: 3)", "The group is rebalancing, so a rejoin is needed"],
])("what a broker says while it gets ready is no error: %s", (message, error) => {
  expect(logged({ message, error })?.severity).toBe("info");
});

test("what kafkajs tries again by itself is a warning", () => {
  expect(logged({ message: "Connection error: connect ECONNREFUSED 127.0.0.1:9092" })?.severity).toBe("warn");
  expect(logged({ message: "Failed to send messages: Connection timeout", namespace: "Producer" })?.severity).toBe("warn");
});

test("a callback that throws is a bug of ours", () => {
  expect(logged({ message: "Error when calling eachBatch", namespace: "Runner" })?.severity).toBe("error");
});

test("the line says where it is from, and not when: that is the logger's", () => {
  const line = logged({ message: "Connection timeout" });
  expect(line).toEqual({ severity: "warn", fields: { kafka: "Connection" }, message: "Connection timeout" });
});
