import type { Migration } from "@cartwright/event-log/postgres/migrate";

export const subjectCartMarks: Migration = {
  number: 4,
  name: "subject-cart-marks",
  sql: (schema) => `
-- How far what is shown is, and in which epoch of the cart's log. Nothing where no projector has made its tables yet.
create function ${schema}.subject_cart_marks() returns table (shard smallint, epoch text, pos bigint, ready_at bigint)
language plpgsql stable as $$
#variable_conflict use_column
begin
  if to_regclass('${schema}.mark_shard') is null then return; end if;
  return query
    select m.shard, m.epoch, m.pos, r.position from ${schema}.marks(${schema}.shown_subject_cart_group(), 'cart') m
    join ${schema}.projection_ready r on r.consumer_group = ${schema}.shown_subject_cart_group() and r.shard = m.shard;
end $$;
`,
};
