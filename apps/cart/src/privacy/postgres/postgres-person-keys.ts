import type { SubjectId } from "@cartwright/contracts/ids";
import type { KeyId } from "@cartwright/contracts/sealed";
import type { SqlClient } from "@cartwright/messaging/postgres/sql-client";
import type { KeptPersonKey, PersonKeys } from "../person-keys.ts";

export type DestroyableKeys = PersonKeys & {
  /** Destroys the keys that these persons had at that time; one that was made later stays. */
  destroyThoseOf(subjects: readonly SubjectId[], made: { readonly until: Date }): Promise<void>;
};

/** The tables `person_key` and `person_hash` of `schema`. */
export const postgresPersonKeys = (sql: SqlClient, schema: string): DestroyableKeys => {
  const table = sql(`${schema}.person_key`);
  const hashTable = sql(`${schema}.person_hash`);
  const columns = sql`k.subject, k.key_id as "keyId", k.wrapped, k.created_at as "createdAt"`;
  return {
    async of(subject) {
      const [key] = await sql<KeptPersonKey[]>`select ${columns} from ${table} k where k.subject = ${subject}`;
      return key ?? null;
    },
    async byIds(keyIds) {
      const keys = await sql<KeptPersonKey[]>`select ${columns} from ${table} k where k.key_id = any(${[...keyIds]})`;
      return new Map(keys.map((key) => [key.keyId, key]));
    },
    async keep({ subject, keyId, wrapped, createdAt }) {
      // An update that changes nothing, since `do nothing` answers no row.
      const [kept] = await sql<KeptPersonKey[]>`
        insert into ${table} as k (subject, key_id, wrapped, created_at) values (${subject}, ${keyId}, ${wrapped}, ${createdAt})
        on conflict (subject) do update set subject = k.subject
        returning ${columns}`;
      if (!kept) throw new TypeError(`the key of ${subject} was neither there nor kept`);
      return kept;
    },
    async keepHashes(keyId, hashes) {
      // Locked, so that a key that is just being destroyed is waited for and then not there.
      const alive = await sql<{ keyId: KeyId }[]>`
        with alive as (select key_id from ${table} where key_id = ${keyId} for key share),
        kept as (
          insert into ${hashTable} (key_id, field, hash)
          select a.key_id, h.field, h.hash
          from alive a, jsonb_to_recordset(${sql.json([...hashes])}) as h(field text, hash text)
          on conflict do nothing
        )
        select key_id as "keyId" from alive`;
      return alive.length > 0;
    },
    async subjectsWith(field, hashes) {
      const rows = await sql<{ subject: SubjectId }[]>`
        select distinct k.subject from ${hashTable} h join ${table} k using (key_id)
        where h.field = ${field} and h.hash = any(${[...hashes]}) order by k.subject`;
      return rows.map(({ subject }) => subject);
    },
    async destroy(keyIds) {
      // The hashes go with the key that they came with.
      await sql`delete from ${table} where key_id = any(${[...keyIds]})`;
    },
    async destroyThoseOf(subjects, { until }) {
      if (subjects.length > 0) await sql`delete from ${table} where subject = any(${[...subjects]}) and created_at <= ${until}`;
    },
  };
};
