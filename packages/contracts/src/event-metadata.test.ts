import { describe, expect, test } from "vitest";
import { EventMetadata, TraceParent } from "./event-metadata.ts";

const metadata = { correlationId: "req-1", actor: { subject: "user-123", kind: "user" } };

describe("an event's metadata", () => {
  test.each([
    metadata,
    { ...metadata, causationId: "cart:0b9e:7:1234", traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" },
    { ...metadata, actor: { subject: "agent-7", kind: "support", reason: "the shopper asked for it on the phone" } },
  ])("may be %j", (value) => {
    expect(EventMetadata.parse(value)).toEqual(value as EventMetadata);
  });

  test.each([
    {},
    { ...metadata, correlationId: "" },
    { ...metadata, causationId: undefined },
    { ...metadata, actor: { subject: "user-123", kind: "robot" } },
    { ...metadata, actor: { subject: "user-123", kind: "support", reason: "a\u0000" } },
    { ...metadata, ip: "203.0.113.7" },
  ])("is never %j", (value) => {
    expect(EventMetadata.safeParse(value).success).toBe(false);
  });

  test("carries a trace only if it is one", () => {
    expect(TraceParent.safeParse(`00-${"0".repeat(32)}-00f067aa0ba902b7-01`).success).toBe(false);
    expect(TraceParent.safeParse("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01").success).toBe(false);
  });
});
