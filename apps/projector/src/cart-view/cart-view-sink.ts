import type { CartView } from "@cartwright/contracts/cart-view";
import type { HandleWork, Runner, Sink, StepOutcome } from "@cartwright/messaging/sink";
import { type TableTools, tableSink } from "@cartwright/messaging/table-sink";
import type { CartViewWriter } from "@cartwright/read-model/cart-view-writer";
import { postgresCartViewWriter } from "@cartwright/read-model/postgres/postgres-cart-view-writer";
import type postgres from "postgres";

/** What the projection is given, wherever the views are kept. */
export type CartViewTools = { views: CartViewWriter };

export type CartViewSinkOptions = {
  sql: postgres.Sql;
  schema: string;
  /** Told of the views of each flush once they are there. */
  onApplied: (views: readonly CartView[]) => void;
};

/** Views in the tables of `schema`, with the marks in the same transaction. */
export const cartViewSink = ({ sql, schema, onApplied }: CartViewSinkOptions): Sink<CartViewTools, void> => {
  const tables = tableSink({ sql, schema });
  return {
    ...tables,
    async flush(of, steps) {
      const { toTables, applied } = flushTo(schema);
      const onTables = steps.map((step) => ({ ...step, work: step.work.map((work) => toTables(work)) }));
      const outcomes = await tables.flush(of, onTables);
      if (outcomes.some(isThere)) onApplied(applied);
      return outcomes;
    },
    async drain(of, step) {
      const { toTables, applied } = flushTo(schema);
      const outcome = await tables.drain(of, { ...step, work: step.work.map((work) => toTables(work)) });
      if (isThere(outcome)) onApplied(applied);
      return outcome;
    },
  };
};

/** All of a flush is one transaction: where some of it is there, all of it is. */
const isThere = (outcome: StepOutcome): boolean => outcome.outcome === "settled" && outcome.done > 0;

/** One flush, and what it writes. A runner stays one runner, for which successive events come in one call. */
const flushTo = (schema: string) => {
  const applied: CartView[] = [];
  const runners = new Map<Runner<CartViewTools, void>, Runner<TableTools, void>>();
  const toolsOf = ({ tx }: TableTools): CartViewTools => {
    const { load, apply } = postgresCartViewWriter(tx, schema);
    return {
      views: {
        load,
        async apply(records) {
          await apply(records);
          applied.push(...records.map(({ view }) => view));
        },
      },
    };
  };
  const onTables = (runner: Runner<CartViewTools, void>): Runner<TableTools, void> => {
    const known = runners.get(runner) ?? { ...runner, run: (work, tools) => runner.run(work, toolsOf(tools)) };
    runners.set(runner, known);
    return known;
  };
  const toTables = <Other extends { kind: "skip" | "park" }>(work: HandleWork<CartViewTools, void> | Other) =>
    work.kind === "handle" ? { ...work, runner: onTables(work.runner) } : work;
  return { applied, toTables };
};
