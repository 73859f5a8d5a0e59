import type postgres from "postgres";

/**
 * Grants again what these migrations, which ran before, have granted and the role has not: roles belong to a server, so that
 * neither they nor what they may do come along with a dump of the database. What is dropped by now is left out.
 */
export const repeatGrants = async (tx: postgres.TransactionSql, schema: string, texts: readonly string[]): Promise<void> => {
  const grants = texts.flatMap((text) => [...text.matchAll(/select \w+\.allow\('([^']+)', '([^']+)'\);/g)]);
  for (const [, privileges = "", object = ""] of grants)
    await tx`
      select ${tx(schema)}.allow(${privileges}, ${object})
      where exists (
        select from regexp_split_to_table(${privileges}, ', ') privilege
        where not has_table_privilege(to_regrole(${`${schema}_service`})::oid, to_regclass(${object})::oid, privilege))`;
};
