import postgres, { type Sql } from "postgres";
import { expect, test } from "vitest";
import { type PostgresServer, startPostgres } from "./postgres.ts";

const timeout = 120_000;

const ask = async <Answer>({ url }: PostgresServer, question: (sql: Sql) => Promise<Answer>): Promise<Answer> => {
  const sql = postgres(url, { max: 1 });
  try {
    return await question(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
};

const notes = (server: PostgresServer) =>
  ask(server, (sql) => sql`select note from notes order by note`.then((rows) => rows.map(({ note }) => note)));

test("what was committed outlives a kill, and a restore leaves what there was at the backup", { timeout }, async () => {
  await using server = await startPostgres();
  await ask(server, (sql) => sql`create table notes as select 'early' as note`);
  await server.kill();
  await expect(notes(server)).rejects.toThrow();
  await server.start();
  expect(await notes(server)).toEqual(["early"]);

  await expect(server.restore()).rejects.toThrow("there is no backup");
  await server.start();
  await server.backup();
  await ask(server, (sql) => sql`insert into notes values ('late')`);
  expect(await notes(server)).toEqual(["early", "late"]);
  await server.restore();
  expect(await notes(server)).toEqual(["early"]);

  await server.stop();
  await server.start();
  expect(await notes(server)).toEqual(["early"]);
});
