import { openPostgresEventLog } from "@cartwright/event-log/postgres/open-event-log";
import postgres from "postgres";
import { consumer } from "../consumer.ts";
import { shardLeases } from "../leases.ts";
import { logSource } from "../log-source.ts";
import { tableSink } from "../table-sink.ts";

/** For tests: a process of a group, to be killed. Its arguments are the connection and the schema. */
const [connection = "{}", schema = ""] = process.argv.slice(2);
const options: postgres.Options<Record<string, never>> = JSON.parse(connection);
const sql = postgres({ ...options, max: 4 });
const log = await openPostgresEventLog({ connection: options, schema: "cart" });
await consumer({
  group: "counting",
  log,
  source: logSource({ log, leases: shardLeases({ sql, schema, ttlMs: 400 }) }),
  sink: tableSink({ sql, schema }),
  handlers: {
    async Counted({ streamId, version }, { tx }) {
      await tx`insert into ${tx(schema)}.effect (stream_id, version) values (${streamId}, ${version})`;
    },
  },
  limits: { batch: 50, headsMs: 100 },
}).start();
process.stdout.write("counting\n");
