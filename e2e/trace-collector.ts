export type CollectedSpan = { readonly traceId: string; readonly spanId: string; readonly parentSpanId?: string; readonly name: string };

type Export = { resourceSpans: { scopeSpans: { spans: CollectedSpan[] }[] }[] };

/** Takes what a process exports over OTLP, as a collector does. */
export const traceCollector = () => {
  const spans: CollectedSpan[] = [];
  const server = Bun.serve({
    port: 0,
    async fetch(request) {
      // The exporter's own form, which the specification fixes.
      const { resourceSpans } = (await request.json()) as Export;
      spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
      return Response.json({});
    },
  });
  return {
    endpoint: `http://localhost:${server.port}`,
    spans: (): readonly CollectedSpan[] => spans,
    [Symbol.asyncDispose]: () => server.stop(true),
  };
};
