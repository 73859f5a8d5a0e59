import type * as z from "zod";
import { adminApp } from "../admin-app.ts";
import { type Environment, parseConfig } from "../config.ts";
import { type Health, processHealth } from "../health.ts";
import type { Logger } from "../logger.ts";
import type { Metrics } from "../metrics.ts";
import { misspeltVariables } from "../misspelt-variables.ts";
import type { ProcessConfig } from "../process-config.ts";
import { runProcess } from "./lifecycle.ts";
import { jsonLogger } from "./logger.ts";
import { processMetrics } from "./metrics.ts";
import { patientStart } from "./patient-start.ts";
import { serve } from "./serve.ts";
import type { StartScope } from "./start-attempt.ts";
import { startTelemetry } from "./telemetry.ts";

/** What a service is started with in a process of its own. */
export type ServiceProcess<Config> = {
  readonly config: Config;
  /** Of this attempt at the start: it is made again while something that it needs is away. */
  readonly scope: StartScope;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
};

export type ServiceProcessOptions<Schema extends z.ZodObject & z.ZodType<ProcessConfig>> = {
  /** Its name in logs, traces and failures. */
  readonly service: string;
  readonly config: Schema;
  /** `process.env`. */
  readonly environment: Environment;
  readonly start: (process: ServiceProcess<z.output<Schema>>) => Promise<AsyncDisposable & { readonly url: string }>;
};

/**
 * Runs one service as a process: its configuration, logs, traces and admin listener, from its start to its exit. What it
 * needs may come later: it waits for it, and its health says for what.
 */
export const runServiceProcess = <Schema extends z.ZodObject & z.ZodType<ProcessConfig>>(
  options: ServiceProcessOptions<Schema>,
): Promise<never> => {
  const { service, environment, start } = options;
  return runProcess({
    report(line, bug) {
      process.stderr.write(`${service}: ${bug instanceof Error ? (bug.stack ?? line) : line}\n`);
    },
    async start(scope) {
      const config = parseConfig(options.config, environment);
      const logger = jsonLogger({ service, level: config.LOG_LEVEL });
      for (const line of misspeltVariables([options.config], environment)) logger.warn({}, line);
      scope.use(startTelemetry({ serviceName: service, endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT }));
      const metrics = processMetrics();
      const health = processHealth();
      const admin = adminApp({ health, exposeMetrics: metrics.expose });
      scope.use(serve({ app: admin, port: config.ADMIN_PORT, hostname: config.ADMIN_HOST, variable: "ADMIN_PORT" }));
      scope.signal.addEventListener("abort", () => health.drain());
      const begin = (attempt: StartScope) => start({ config, scope: attempt, logger, metrics, health: healthOf(health, attempt.signal) });
      const { started } = scope.use(await patientStart({ begin, signal: scope.signal, health, logger, metrics }));
      logger.info({ url: started.url }, `${service} listens`);
    },
  });
};

/** As an attempt at the start sees it: one that was given back and still goes on has no say any more. */
const healthOf = (health: Health, signal: AbortSignal): Health => ({
  ...health,
  register(name, check) {
    if (!signal.aborted) health.register(name, check);
  },
});
