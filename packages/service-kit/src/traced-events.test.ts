import { context, SpanKind, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { afterEach, beforeEach, expect, test } from "vitest";
import { tracedEvents } from "./traced-events.ts";

const exporter = new InMemorySpanExporter();
beforeEach(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
});
afterEach(() => {
  exporter.reset();
  trace.disable();
  context.disable();
});

const [ada, bob] = ["a".repeat(32), "b".repeat(32)];
const event = (traceId: string | null, spanId = "1".repeat(16)) => ({
  metadata: traceId === null ? {} : { traceparent: `00-${traceId}-${spanId}-01` },
});

/** What is told of the handling of these at once. */
const handled = async (...events: ReturnType<typeof event>[]) => {
  await tracedEvents("billing.books")(events, async () => {});
  const [span] = exporter.getFinishedSpans();
  return {
    kind: span?.kind,
    traceId: span?.spanContext().traceId,
    parent: span?.parentSpanContext?.spanId,
    links: span?.links.map((link) => `${link.context.traceId} ${link.context.spanId}`),
    count: span?.attributes["messaging.batch.message_count"],
  };
};

test("the handling of one event is a child of the span that made it", async () => {
  expect(await handled(event(ada, "7".repeat(16)))).toEqual({
    ...{ kind: SpanKind.CONSUMER, count: 1, links: [] },
    traceId: ada,
    parent: "7".repeat(16),
  });
});

test("that of what several people have asked for is linked to each of them, and belongs to none", async () => {
  const span = await handled(event(ada), event(bob), event(ada, "2".repeat(16)), event(ada));
  expect(span).toMatchObject({ parent: undefined, count: 4 });
  expect(span.traceId).not.toBeOneOf([ada, bob]);
  expect(span.links).toEqual([`${ada} ${"1".repeat(16)}`, `${bob} ${"1".repeat(16)}`, `${ada} ${"2".repeat(16)}`]);
});

test("that of several events of one trace stays in it", async () => {
  const span = await handled(event(ada), event(ada, "2".repeat(16)));
  expect(span).toMatchObject({ traceId: ada, parent: "1".repeat(16) });
  expect(span.links).toEqual([`${ada} ${"1".repeat(16)}`, `${ada} ${"2".repeat(16)}`]);
});

test("that of events of which one has no trace is in none of the others'", async () => {
  const span = await handled(event(ada), event(null));
  expect(span.traceId).not.toBe(ada);
  expect(span.links).toEqual([`${ada} ${"1".repeat(16)}`]);
});

test("that of events without a trace begins one", async () => {
  expect(await handled(event(null), event(null))).toMatchObject({ parent: undefined, links: [] });
});

test("no more spans are linked to than are kept", async () => {
  const many = Array.from({ length: 1_000 }, (_, n) => event(n % 2 ? ada : bob, n.toString(16).padStart(16, "1")));
  expect((await handled(...many)).links).toHaveLength(128);
});
