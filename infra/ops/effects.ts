import { effectsGate, type GateDecision, type GateState } from "@cartwright/messaging/effects-gate";
import type { Sql } from "postgres";
import type { OpsConfig } from "./config.ts";
import { schemasWith, withDatabase } from "./database.ts";
import { OpsError } from "./ops-error.ts";

type Database = Pick<OpsConfig, "postgres" | "dataDir">;

/** Whether each service that calls the outside world does so now. */
export const effectsStates = (config: Database): Promise<readonly (GateState & { service: string })[]> =>
  withDatabase(config, async (sql) => {
    const states = (await gatedServices(sql)).map(async (service) => ({ service, ...(await (await gateOf(sql, service)).state()) }));
    return Promise.all(states);
  });

/** Holds a service's effects on the outside world, or lets them go on, which after a restore nobody else does. */
export const decideOnEffects = (
  config: Database,
  { service, decision, ...why }: GateDecision & { service: string; decision: "hold" | "release" },
): Promise<void> =>
  withDatabase(config, async (sql) => {
    const services = await gatedServices(sql);
    if (!services.includes(service))
      throw new OpsError(`${service} has no effects on the outside world; there are: ${services.join(", ")}`);
    const gate = await gateOf(sql, service);
    await gate[decision](why);
  });

/** Those that have begun to. Others have the table as well. */
const gatedServices = async (sql: Sql): Promise<readonly string[]> => {
  const schemas = await schemasWith(sql, "effects_gate");
  const rows = await Promise.all(schemas.map((schema) => sql`select from ${sql(schema)}.effects_gate`));
  return schemas.filter((_, index) => (rows[index]?.length ?? 0) > 0);
};

const gateOf = async (sql: Sql, schema: string) => {
  const [log] = await sql<{ epoch: string }[]>`select epoch from ${sql(schema)}.log`;
  return effectsGate({ sql, schema, epoch: log?.epoch ?? "" });
};
