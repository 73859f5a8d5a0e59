import type { Migration } from "@cartwright/event-log/postgres/migrate";

export const trailIndexes: Migration = {
  number: 2,
  name: "trails",
  sql: (schema) => `
-- Whose carts there are, and which carts became part of which: asked of the log itself, so that nothing is missed that has just happened.
create index event_cart_by_owner on ${schema}.event (((data ->> 'owner') collate "C")) where type = 'CartOpened';
create index event_merge_by_target on ${schema}.event (((data ->> 'intoCartId') collate "C")) where type = 'CartMergedIntoAnother';
`,
};
