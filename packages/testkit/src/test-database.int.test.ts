import { describe, expect, test } from "vitest";
import { testDatabase } from "./test-database.ts";

describe("a database for one test", () => {
  test("is a PostgreSQL 18 in UTF-8 that sorts alike on every machine", async () => {
    await using db = await testDatabase();
    const [row] = await db.sql`
      select current_setting('server_version') as version, pg_encoding_to_char(encoding) as encoding, datlocprovider::text as provider, datlocale as locale
      from pg_database where datname = current_database()`;
    expect(row).toMatchObject({ version: expect.stringMatching(/^18\./), encoding: "UTF8", provider: "b", locale: "C.UTF-8" });
  });

  test("holds nothing of another's", async () => {
    await using one = await testDatabase();
    await using other = await testDatabase();
    await one.sql`create table mine (id int)`;
    const [found] = await other.sql`select to_regclass('mine') as table`;
    expect(found).toEqual({ table: null });
  });

  test("is prepared once, and each gets a copy", async () => {
    let runs = 0;
    const prepare = async (sql: import("postgres").Sql) => {
      runs += 1;
      await sql`create table prepared as select 1 as id`;
    };
    await using one = await testDatabase({ prepare });
    await using other = await testDatabase({ prepare });
    await one.sql`delete from prepared`;
    expect(await other.sql`select * from prepared`).toHaveLength(1);
    expect(runs).toBe(1);
  });

  test("is gone after the test, also with a client still connected", async () => {
    await using other = await testDatabase();
    let name: string | undefined;
    {
      await using db = await testDatabase();
      name = String(db.options.database);
      await other.sql`select 1`;
    }
    expect(await other.sql`select from pg_database where datname = ${name}`).toHaveLength(0);
  });
});
