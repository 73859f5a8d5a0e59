export type CollectedSpan = ExportedSpan & { /** `service.name` of the process that it was in. */ readonly service: string };

export type TraceCollector = ReturnType<typeof traceCollector>;

type ExportedSpan = { readonly traceId: string; readonly spanId: string; readonly parentSpanId?: string; readonly name: string };

type Attribute = { key: string; value: { stringValue?: string } };
type Export = { resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { spans: ExportedSpan[] }[] }[] };

const serviceOf = ({ attributes }: { attributes: Attribute[] }) =>
  attributes.find(({ key }) => key === "service.name")?.value.stringValue ?? "unknown";

/** A span and those above it, the nearest first, as `service: name`, up to one that was not collected. */
export const lineageOf = (all: readonly CollectedSpan[], { traceId, name }: Pick<CollectedSpan, "traceId" | "name">): readonly string[] => {
  const spans = new Map(all.filter((span) => span.traceId === traceId).map((span) => [span.spanId, span]));
  const lineage: string[] = [];
  let span = [...spans.values()].find((candidate) => candidate.name === name);
  while (span) {
    lineage.push(`${span.service}: ${span.name}`);
    span = spans.get(span.parentSpanId ?? "");
  }
  return lineage;
};

/** What led to the mail of a checkout that is paid, from the mail back to the request: each span's service and name. */
export const lineageOfMail = [
  ["notification", "send mail"],
  ["notification", "notification.orders"],
  ["cart", "cart.payments"],
  ["billing", "provider capture"],
  ["billing", "billing.checkouts"],
  ["cart", "cart.payments"],
  ["billing", "provider authorize"],
  ["billing", "billing.checkouts"],
  ["cart", "cart.assessments"],
  ["fraud", "fraud.assessments"],
  ["billing", "provider inspect"],
  ["billing", "billing.checkouts"],
  ["cart", "POST /trpc/*"],
] as const;

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
