import type { Sql } from "postgres";

/** What may be nowhere in the clear, and where it was. */
export type Finding = { readonly marker: string; readonly where: string };

/** In which tables, of all schemas and whatever they are for, a row holds a marker: as text, or in the bytes of a `bytea`. */
export const findInTables = async (sql: Sql, markers: readonly string[]): Promise<readonly Finding[]> => {
  const tables = await sql<{ schema: string; name: string }[]>`
    select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'm', 'p') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg_toast%'`;
  if (tables.length === 0) throw new Error("there is no table to search");
  const searched = tables.map(async ({ schema, name }) => {
    const rows = await sql<{ marker: string }[]>`
      select distinct m.marker from jsonb_to_recordset(${sql.json(formsOf(markers))}) as m(marker text, form text), ${sql(schema)}.${sql(name)} t
      where strpos(lower(t::text), m.form) > 0`;
    return rows.map(({ marker }) => ({ marker, where: `${schema}.${name}` }));
  });
  return (await Promise.all(searched)).flat();
};

/** The same of texts: lines of a log, messages of a topic, values of Redis, what a collector got. */
export const findInTexts = (where: string, texts: Iterable<string>, markers: readonly string[]): readonly Finding[] => {
  const forms = formsOf(markers);
  const found = new Set<string>();
  for (const text of texts) {
    const searched = text.toLowerCase();
    for (const { marker, form } of forms) if (searched.includes(form)) found.add(marker);
  }
  return [...found].map((marker) => ({ marker, where }));
};

/** In the clear, in an address, in JSON within JSON, in hexadecimal and in base64, wherever in a text it begins. */
const formsOf = (markers: readonly string[]) =>
  markers.flatMap((marker) => {
    const bytes = Buffer.from(marker);
    // In base64 what a byte becomes depends on where it stands; the ends depend on the neighbours, too.
    const base64 = [0, 1, 2].map((offset) => {
      const text = Buffer.concat([Buffer.alloc(offset), bytes])
        .toString("base64")
        .replaceAll("=", "");
      return text.slice(offset === 0 ? 0 : offset + 1, -1);
    });
    const forms = [marker, encodeURIComponent(marker), JSON.stringify(marker).slice(1, -1), bytes.toString("hex"), ...base64];
    return [...new Set(forms.map((form) => form.toLowerCase()))].map((form) => ({ marker, form }));
  });
