import { context, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { continuedSpan, currentTraceparent, span } from "./tracing.ts";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const request = { name: "POST /trpc", kind: "server", attributes: {}, traceparent: `00-${traceId}-00f067aa0ba902b7-01` } as const;

describe("where telemetry was started", () => {
  const exporter = new InMemorySpanExporter();
  const named = (name: string) => exporter.getFinishedSpans().find((finished) => finished.name === name);

  beforeEach(() => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
  });

  afterEach(() => {
    exporter.reset();
    trace.disable();
    context.disable();
  });

  test("a span within another is its child, also after an await", async () => {
    await span("outer", {}, async () => {
      await Promise.resolve();
      await span("inner", { "cart.id": "c-1" }, async () => {});
    });
    expect(named("inner")).toMatchObject({ attributes: { "cart.id": "c-1" }, kind: SpanKind.INTERNAL });
    expect(named("inner")?.parentSpanContext?.spanId).toBe(named("outer")?.spanContext().spanId);
  });

  test("a span ends with the promise that the work answers, not before", async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const working = span("slow", {}, () => promise);
    expect(named("slow")).toBeUndefined();
    resolve("done");
    expect(await working).toBe("done");
    expect(named("slow")).toBeDefined();
  });

  test("a span of work that is no promise ends at once and answers what it answers", () => {
    expect(span("quick", {}, () => 7)).toBe(7);
    expect(named("quick")).toBeDefined();
  });

  test.each<[string, (active: Span) => unknown]>([
    [
      "thrown",
      () => {
        throw new Error("away");
      },
    ],
    [
      "rejected",
      async () => {
        throw new Error("away");
      },
    ],
  ])("an error that is %s is recorded and goes on", async (_how, work) => {
    await expect((async () => span("failing", {}, work))()).rejects.toThrow("away");
    expect(named("failing")).toMatchObject({ status: { code: SpanStatusCode.ERROR }, events: [{ name: "exception" }] });
  });

  test("a request's trace is followed, and its traceparent leads back to it through an event", async () => {
    const carried = await continuedSpan(request, async () => currentTraceparent());
    expect(carried).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
    continuedSpan({ name: "handle", kind: "consumer", traceparent: carried, attributes: {} }, () => {});
    expect(named("handle")?.spanContext().traceId).toBe(traceId);
    expect(named("handle")?.parentSpanContext?.spanId).toBe(named("POST /trpc")?.spanContext().spanId);
    expect(named("handle")?.kind).toBe(SpanKind.CONSUMER);
  });

  test.each([
    undefined,
    "",
    "x",
    `ff-${traceId}-00f067aa0ba902b7-01`,
    `00-${"0".repeat(32)}-00f067aa0ba902b7-01`,
    `00-${traceId}-${"0".repeat(16)}-01`,
    `00-${traceId.toUpperCase()}-00f067aa0ba902b7-01`,
    `00-${traceId}-00f067aa0ba902b7`,
  ])("a new trace begins where the traceparent is %s", (traceparent) => {
    continuedSpan({ ...request, traceparent }, () => {});
    expect(named("POST /trpc")?.parentSpanContext).toBeUndefined();
    expect(named("POST /trpc")?.spanContext().traceId).not.toBe(traceId);
  });
});

describe("where it was not", () => {
  test("work is done and answers, throws and carries nothing", async () => {
    expect(span("x", {}, () => 7)).toBe(7);
    expect(await span("x", {}, async () => currentTraceparent())).toBeUndefined();
    expect(() =>
      span("x", {}, () => {
        throw new Error("away");
      }),
    ).toThrow("away");
  });
});
