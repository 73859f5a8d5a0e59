export type CollectedSpan = ExportedSpan & { /** `service.name` of the process that it was in. */ readonly service: string };

export type TraceCollector = ReturnType<typeof traceCollector>;

type ExportedSpan = { readonly traceId: string; readonly spanId: string; readonly parentSpanId?: string; readonly name: string };

type Attribute = { key: string; value: { stringValue?: string } };
type Export = { resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { spans: ExportedSpan[] }[] }[] };

const serviceOf = ({ attributes }: { attributes: Attribute[] }) =>
  attributes.find(({ key }) => key === "service.name")?.value.stringValue ?? "unknown";

/** Takes what a process exports over OTLP, as a collector does. */
export const traceCollector = () => {
  const spans: CollectedSpan[] = [];
  const bodies: string[] = [];
  const server = Bun.serve({
    port: 0,
    async fetch(request) {
      // The exporter's own form, which the specification fixes.
      const body = await request.text();
      bodies.push(body);
      const { resourceSpans } = JSON.parse(body) as Export;
      for (const { resource, scopeSpans } of resourceSpans) {
        const service = serviceOf(resource);
        spans.push(...scopeSpans.flatMap((scope) => scope.spans.map((span) => ({ ...span, service }))));
      }
      return Response.json({});
    },
  });
  return {
    endpoint: `http://localhost:${server.port}`,
    spans: (): readonly CollectedSpan[] => spans,
    /** All that was ever sent to it, as it came. */
    bodies: (): readonly string[] => bodies,
    [Symbol.asyncDispose]: () => server.stop(true),
  };
};
