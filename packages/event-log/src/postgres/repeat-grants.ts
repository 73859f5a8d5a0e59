import type postgres from "postgres";
import { literal } from "./literal.ts";

/**
 * Grants again what these migrations, which ran before, have granted and the role has not: roles belong to a server, so that
 * neither they nor what they may do come along with a dump of the database. What is dropped by now is left out.
 */
export const repeatGrants = async (tx: postgres.TransactionSql, schema: string, texts: readonly string[]): Promise<void> => {
  const grants = texts.flatMap((text) => [...text.matchAll(/select \w+\.allow\('([^']+)', '([^']+)'\);/g)]);
  if (grants.length === 0) return;
  // In one message, as everything that is said under the lock of the migrations.
  await tx.unsafe(grants.map(([, privileges = "", object = ""]) => repeated(schema, literal(privileges), literal(object))).join(";"));
};

const repeated = (schema: string, privileges: string, object: string) => `
  select ${schema}.allow(${privileges}, ${object})
  where exists (
    select from regexp_split_to_table(${privileges}, ', ') privilege
    where not has_table_privilege(to_regrole('${schema}_service')::oid, to_regclass(${object})::oid, privilege))`;
