import type { SqlClient } from "./postgres/sql-client.ts";

export type EffectsGate = {
  /** Nothing new is begun on the outside world; what is under way ends. */
  hold(decision: GateDecision): Promise<void>;
  /** Lets effects go on, in the present epoch of the log. */
  release(decision: GateDecision): Promise<void>;
  state(): Promise<GateState>;
};

export type GateDecision = { by: string; reason: string };

export type GateState = {
  /** True by decision, and by itself after a restore: the log then has another epoch than the one that was released. */
  held: boolean;
  reason: string;
  by: string;
  at: Date | null;
};

type Row = { epoch: string; held: boolean; reason: string; changed_by: string; changed_at: Date };

/** The switch before all effects of a service on the outside world. `epoch` is that of its own log. */
export const effectsGate = ({ sql, schema, epoch }: { sql: SqlClient; schema: string; epoch: string }): EffectsGate => {
  const set = async (held: boolean, { by, reason }: GateDecision) => {
    await sql.unsafe(
      `insert into ${schema}.effects_gate (epoch, held, reason, changed_by) values ($1, $2, $3, $4)
       on conflict (only_row) do update set epoch = excluded.epoch, held = excluded.held, reason = excluded.reason,
         changed_by = excluded.changed_by, changed_at = now(),
         restored_at = case when effects_gate.epoch = excluded.epoch then effects_gate.restored_at else now() end`,
      [epoch, held, reason, by],
    );
  };
  return {
    hold: (decision) => set(true, decision),
    release: (decision) => set(false, decision),
    async state() {
      const [row] = await sql.unsafe<Row[]>(`select * from ${schema}.effects_gate`);
      if (!row) return { held: false, reason: "new", by: "the service", at: null };
      const { reason, changed_by: by, changed_at: at } = row;
      if (row.epoch !== epoch) return { held: true, reason: "the log was restored", by, at };
      return { held: row.held, reason, by, at };
    },
  };
};
