import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { AlwaysOnSampler, BatchSpanProcessor, ParentBasedSampler, TracerProvider } from "@opentelemetry/sdk-trace";

export type TelemetryOptions = {
  readonly serviceName: string;
  /** `OTEL_EXPORTER_OTLP_ENDPOINT`: where a collector takes OTLP over HTTP. Absent: nothing is traced. */
  readonly endpoint: string | undefined;
};

/** Sends what `tracing.ts` spans to a collector. Disposing it sends what is left, for at most three seconds. */
export const startTelemetry = ({ serviceName, endpoint }: TelemetryOptions): AsyncDisposable => {
  if (endpoint === undefined) return { async [Symbol.asyncDispose]() {} };
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, "")}/v1/traces`, timeoutMillis: FLUSH_TIMEOUT_MS });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": serviceName }),
    sampler: new ParentBasedSampler({ root: new AlwaysOnSampler() }),
    spanProcessors: [new BatchSpanProcessor({ exporter, exportTimeoutMillis: FLUSH_TIMEOUT_MS })],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
  return {
    async [Symbol.asyncDispose]() {
      trace.disable();
      context.disable();
      // A collector that is away must not keep a process from ending, nor make its end a failure.
      await provider.shutdown().catch(() => {});
    },
  };
};

const FLUSH_TIMEOUT_MS = 3_000;
