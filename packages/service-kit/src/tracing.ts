import {
  type Attributes,
  type Context,
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
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

/**
 * The same for work that several have asked for at once, as a batch of events was: linked to each of them, and within their
 * trace where all of them are in one. Of the traces of different people none is the work's, and a new one begins.
 */
export const batchSpan = <Result>({ name, attributes, traceparents }: BatchSpanOptions, work: (active: Span) => Result): Result => {
  const askers = [...new Set(traceparents)].map(spanContextOf);
  const [first] = askers;
  const isOneTrace = first !== undefined && askers.every((asker) => asker?.traceId === first.traceId);
  const parent = isOneTrace ? trace.setSpanContext(ROOT_CONTEXT, first) : ROOT_CONTEXT;
  // A single one is the parent, and needs no link besides.
  const links = askers.length > 1 ? askers.filter((asker) => asker !== undefined).slice(0, MOST_LINKS) : [];
  return inSpan({ name, kind: SpanKind.CONSUMER, attributes, parent, links }, work);
};

export type BatchSpanOptions = {
  readonly name: string;
  readonly traceparents: readonly (string | undefined)[];
  readonly attributes: Attributes;
};

/** The present span in the form of the W3C's header, to be carried by a request or an event; absent where nothing is traced. */
export const currentTraceparent = (): string | undefined => {
  const active = trace.getSpanContext(context.active());
  if (active === undefined || !isSpanContextValid(active)) return undefined;
  return `00-${active.traceId}-${active.spanId}-${active.traceFlags.toString(16).padStart(2, "0")}`;
};

const kinds = { server: SpanKind.SERVER, consumer: SpanKind.CONSUMER };

type SpanStart = {
  readonly name: string;
  readonly kind: SpanKind;
  readonly attributes: Attributes;
  readonly parent: Context;
  readonly links?: readonly SpanContext[];
};

const inSpan = <Result>({ name, kind, attributes, parent, links = [] }: SpanStart, work: (active: Span) => Result): Result =>
  trace
    .getTracer("cartwright")
    .startActiveSpan(name, { kind, attributes, links: links.map((asker) => ({ context: asker })) }, parent, (active) => {
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
  const read = spanContextOf(traceparent);
  return read ? trace.setSpanContext(ROOT_CONTEXT, read) : ROOT_CONTEXT;
};

const spanContextOf = (traceparent: string | undefined): SpanContext | undefined => {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? "") ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
};

/** What OpenTelemetry keeps of them, unless it is told otherwise. */
const MOST_LINKS = 128;
