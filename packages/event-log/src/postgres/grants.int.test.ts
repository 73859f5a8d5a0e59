import { testDatabase } from "@cartwright/testkit/test-database";
import postgres from "postgres";
import { expect, test } from "vitest";
import { aStream, aUnit } from "../conformance.ts";
import { openPostgresEventLog } from "./open-event-log.ts";

/** A schema's name of this test's own: its role is shared with all databases of the server. */
const schema = `log_${crypto.randomUUID().slice(0, 8)}`;

test("a log whose role and grants did not come along, since no dump of a database holds roles, is opened with both", async () => {
  await using db = await testDatabase();
  const open = () => openPostgresEventLog({ connection: db.options, schema });
  const before = await open();
  const unit = aUnit({ streamId: aStream() });
  await before.append(unit);
  await before.close();
  await db.sql.unsafe(`drop owned by ${schema}_service; drop role ${schema}_service`);

  const [after, atTheSameTime] = await Promise.all([open(), open()]);
  for (const log of [after, atTheSameTime]) {
    expect((await log.append(unit)).outcome).toBe("duplicate");
    expect((await log.append(aUnit({ streamId: aStream() }))).outcome).toBe("appended");
    await log.close();
  }
  const service = postgres({ ...db.options, max: 1, connection: { role: `${schema}_service` } });
  await expect(service.unsafe(`delete from ${schema}.event`)).rejects.toMatchObject({ code: "42501" });
  await service.end();
});
