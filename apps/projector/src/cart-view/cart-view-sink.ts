import type { CartView } from "@cartwright/contracts/cart-view";
import type { HandleWork, Runner, Sink, StepOutcome } from "@cartwright/messaging/sink";
import { type TableTools, tableSink } from "@cartwright/messaging/table-sink";
import type { CartViewWriter } from "@cartwright/read-model/cart-view-writer";
import type { CartViewsListener } from "@cartwright/read-model/cart-views-over";
import { postgresCartViewWriter } from "@cartwright/read-model/postgres/postgres-cart-view-writer";
import { type ReadyProgressOptions, readyProgress } from "../ready-progress.ts";

/** What the projection is given, wherever the views are kept. */
export type CartViewTools = { views: CartViewWriter };

export type CartViewSinkOptions = ReadyProgressOptions & {
  /** Of the version of the projection; the first one's unless given. */
  table?: string;
  /** The views of this process, which are told what is written. */
  listener: CartViewsListener;
};

/** Views in the tables of `schema`, with the marks in the same transaction. */
export const cartViewSink = ({ table, listener, ...options }: CartViewSinkOptions): Sink<CartViewTools, void> => {
  const { sql, schema } = options;
  const tables = tableSink({ sql, schema });
  const told = async <Outcomes>(flush: Flush, outcomes: Promise<Outcomes>, isThere: (outcomes: Outcomes) => boolean): Promise<Outcomes> => {
    try {
      const answered = await outcomes;
      if (isThere(answered)) listener.applied(flush.written);
      return answered;
    } catch (error) {
      // The commit's answer may be what was lost.
      listener.doubted(flush.written);
      throw error;
    }
  };
  return {
    ...tables,
    progress: readyProgress(tables.progress, options),
    flush(of, steps) {
      const flush = flushTo(schema, table);
      const onTables = steps.map((step) => ({ ...step, work: step.work.map((work) => flush.onTables(work)) }));
      return told(flush, tables.flush(of, onTables), (outcomes) => outcomes.some(isThere));
    },
    drain(of, step) {
      const flush = flushTo(schema, table);
      const onTables = { ...step, work: step.work.map((work) => flush.onTables(work)) };
      return told(flush, tables.drain(of, onTables), isThere);
    },
  };
};

type Flush = ReturnType<typeof flushTo>;

/** All of a flush is one transaction: where some of it is there, all of it is. */
const isThere = (outcome: StepOutcome): boolean => outcome.outcome === "settled" && outcome.done > 0;

/** One flush, and what it writes. A runner stays one runner, for which successive events come in one call. */
const flushTo = (schema: string, table: string | undefined) => {
  const written: CartView[] = [];
  const runners = new Map<Runner<CartViewTools, void>, Runner<TableTools, void>>();
  const toolsOf = ({ tx }: TableTools): CartViewTools => {
    const { load, apply } = postgresCartViewWriter(tx, schema, table);
    return {
      views: {
        load,
        async apply(records) {
          written.push(...records.map(({ view }) => view));
          await apply(records);
        },
      },
    };
  };
  const adapted = (runner: Runner<CartViewTools, void>): Runner<TableTools, void> => {
    const known = runners.get(runner) ?? { ...runner, run: (work, tools) => runner.run(work, toolsOf(tools)) };
    runners.set(runner, known);
    return known;
  };
  const onTables = <Other extends { kind: "skip" | "park" }>(work: HandleWork<CartViewTools, void> | Other) =>
    work.kind === "handle" ? { ...work, runner: adapted(work.runner) } : work;
  return { written, onTables };
};
