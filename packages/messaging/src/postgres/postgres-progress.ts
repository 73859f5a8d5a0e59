import type postgres from "postgres";
import type { Progress } from "../progress.ts";
import { insertMarks, moveMarks, selectMarks } from "./mark-rows.ts";
import { insertParked } from "./parked-rows.ts";
import { postgresParking } from "./postgres-parking.ts";

/** Marks and queues in the tables of the group's schema; see `messagingMigrations`. */
export const postgresProgress = ({ sql, schema }: { sql: postgres.Sql; schema: string }): Progress => ({
  marks: (of) => selectMarks(sql, schema, of),
  begin: (of, marks) => insertMarks(sql, schema, { ...of, marks }),
  async move(of, moves) {
    if (moves.every(({ parked }) => parked.length === 0)) return moveMarks(sql, schema, { ...of, moves });
    return await sql.begin(async (tx) => {
      const fenced = await moveMarks(tx, schema, { ...of, moves });
      await insertParked(tx, schema, { ...of, moves: moves.filter(({ shard }) => !fenced.includes(shard)) });
      return fenced;
    });
  },
  parking: postgresParking(sql, schema),
});
