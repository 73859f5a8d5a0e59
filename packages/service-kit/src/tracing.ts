import {
  type Attributes,
  type Context,
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";

/**
 * Does `work` within a span that is a child of the present one, and ends it when the work, or the promise that it answers,
 * has ended. A throw is recorded and goes on. Where no telemetry was started this is little more than the call.
 */
export const span = <Result>(name: string, attributes: Attributes, work: (active: Span) => Result): Result =>
  inSpan({ name, kind: SpanKind.INTERNAL, attributes, parent: context.active() }, work);

/**
 * The same for work that somebody else asked for, as their `traceparent` says: a request to answer, or an event to handle.
 * Without one, or with one that cannot be read, a new trace begins.
 */
export const continuedSpan = <Result>(options: ContinuedSpanOptions, work: (active: Span) => Result): Result =>
  inSpan({ ...options, kind: kinds[options.kind], parent: contextOf(options.traceparent) }, work);

export type ContinuedSpanOptions = {
  readonly name: string;
  readonly kind: "server" | "consumer";
  readonly traceparent: string | undefined;
  readonly attributes: Attributes;
};

/** The present span in the form of the W3C's header, to be carried by a request or an event; absent where nothing is traced. */
export const currentTraceparent = (): string | undefined => {
  const active = trace.getSpanContext(context.active());
  if (active === undefined || !isSpanContextValid(active)) return undefined;
  return `00-${active.traceId}-${active.spanId}-${active.traceFlags.toString(16).padStart(2, "0")}`;
};

const kinds = { server: SpanKind.SERVER, consumer: SpanKind.CONSUMER };

type SpanStart = { readonly name: string; readonly kind: SpanKind; readonly attributes: Attributes; readonly parent: Context };

const inSpan = <Result>({ name, kind, attributes, parent }: SpanStart, work: (active: Span) => Result): Result =>
  trace.getTracer("cartwright").startActiveSpan(name, { kind, attributes }, parent, (active) => {
    if (!active.isRecording()) return work(active);
    try {
      const result = work(active);
      if (result instanceof Promise) return settled(active, result) as Result;
      active.end();
      return result;
    } catch (error) {
      return fail(active, error);
    }
  });

const settled = (active: Span, result: Promise<unknown>): Promise<unknown> =>
  result.then(
    (value) => {
      active.end();
      return value;
    },
    (error) => fail(active, error),
  );

const fail = (active: Span, error: unknown): never => {
  active.recordException(error instanceof Error ? error : String(error));
  active.setStatus({ code: SpanStatusCode.ERROR });
  active.end();
  throw error;
};

/** W3C Trace Context: a version other than ff, and not all zeros; a later version may carry more at the end. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;

const contextOf = (traceparent: string | undefined): Context => {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? "") ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true });
};
