import type { Sql } from "postgres";
import type { Purchase } from "./shoppers.ts";

/** What each acknowledged checkout comes to, once. */
const outcomes = [
  ["cart", "CheckoutStarted"],
  ["cart", "CheckoutApproved"],
  ["cart", "OrderPlaced"],
  ["billing", "PaymentMethodInspected"],
  ["billing", "PaymentAuthorized"],
  ["billing", "PaymentCaptured"],
  ["fraud", "CheckoutAssessed"],
  ["notification", "NotificationRequested"],
  ["notification", "NotificationSent"],
] as const;

export type Verdict = {
  /** Acknowledged checkouts that have not come to all of it yet: empty at rest. */
  readonly unfinished: readonly string[];
  /** What happened more than once to a checkout: empty always. */
  readonly twice: readonly string[];
  /** Views that do not show their cart's last event: empty at rest. */
  readonly behind: readonly string[];
  /** Groups and relays that have not settled all that is in the log: empty at rest. */
  readonly lagging: readonly string[];
};

type Books = { charges(): ReadonlyMap<string, number> | Promise<ReadonlyMap<string, number>> };

/** Of whoever delivers mail: what it has accepted, by checkout. */
type MailBooks = { mails(): ReadonlyMap<string, readonly unknown[]> };

/** Books outside the database, of those who have some. */
export type Outside = { readonly provider?: Books; readonly mailer?: MailBooks };

/**
 * Holds what was acknowledged against all that the services have kept, their logs, the mailbox and the views, and against the books of
 * those outside. The provider is billing's simulator unless there is one with books of its own.
 */
export const judge = async (sql: Sql, acknowledged: readonly Purchase[], outside: Outside = {}): Promise<Verdict> => {
  const { provider = simulatorIn(sql), mailer } = outside;
  const counts = new Map<string, number>();
  for (const [log, type] of outcomes) {
    const rows = await sql<{ id: string; count: number }[]>`
      select ${log === "cart" ? sql`data->>'checkoutId'` : sql`regexp_replace(stream_id, '^(payment-|assessment-|notification-order-paid:email:)', '')`} as id,
        count(*)::integer as count
      from ${sql(log)}.event where type = ${type} group by 1`;
    for (const { id, count } of rows) counts.set(`${type} ${id}`, count);
  }
  for (const [id, count] of await provider.charges()) counts.set(`charge ${id}`, count);
  for (const [id, mails] of mailer?.mails() ?? []) counts.set(`delivered mail ${id}`, mails.length);
  const kinds = [...outcomes.map(([, type]) => type), "charge", ...(mailer ? ["delivered mail"] : [])];
  const unfinished = acknowledged.flatMap(({ checkoutId }) =>
    kinds.filter((kind) => !counts.has(`${kind} ${checkoutId}`)).map((kind) => `${kind} ${checkoutId}`),
  );
  const twice = [...counts].flatMap(([what, count]) => (count > 1 ? [what] : []));
  const [mails] = await sql<{ count: number }[]>`select count(*)::integer as count from notification.mail`;
  const sent = await sql<{ count: number }[]>`select count(*)::integer as count from notification.event where type = 'NotificationSent'`;
  if ((mails?.count ?? 0) > acknowledged.length) twice.push(`${mails?.count} mails for ${acknowledged.length} orders`);
  if ((mails?.count ?? 0) < (sent[0]?.count ?? 0)) unfinished.push("a mail that is said to be sent");
  const behind = await sql<{ id: string }[]>`
    select stream_id as id from cart.event e where stream_id like 'cart-%'
    group by stream_id
    having max(version) <> coalesce((select v.version from projector.shown_cart_view v where 'cart-' || v.cart_id = e.stream_id), 0)`;
  return { unfinished, twice, behind: behind.map(({ id }) => id), lagging: await laggingGroups(sql) };
};

const simulatorIn = (sql: Sql): Books => ({
  async charges() {
    const captured = await sql<{ id: string; count: number }[]>`
      select metadata->>'paymentId' as id, count(*)::integer as count from billing.simulated_intent where status = 'succeeded' group by 1`;
    return new Map(captured.map(({ id, count }) => [id, count]));
  },
});

const logs = ["cart", "billing", "fraud", "notification"] as const;

/** By the marks themselves; a relay to a topic of an earlier epoch has nothing to do any more. */
const laggingGroups = async (sql: Sql): Promise<readonly string[]> => {
  const heads = await Promise.all(
    logs.map(
      (log) => sql<{ log: string; shard: number; head: string; relay: string }[]>`
      select ${log} as log, shard, max(position) as head, (select ${`relay-to-${log}.events.`} || left(epoch::text, 8) from ${sql(log)}.log) as relay
      from ${sql(log)}.event group by shard`,
    ),
  );
  const marks = await Promise.all(
    [...logs, "projector"].map(
      (schema) => sql<{ group: string; log: string; shard: number; mark: string }[]>`
      select consumer_group as group, log, shard, max(position) as mark from ${sql(schema)}.mark group by 1, 2, 3`,
    ),
  );
  return heads.flat().flatMap(({ log, shard, head, relay }) =>
    marks
      .flat()
      .filter((at) => at.log === log && at.shard === shard && at.mark !== head && (at.group === relay || !at.group.startsWith("relay-")))
      .map(({ group, mark }) => `${group} of ${log}, shard ${shard}: ${mark} of ${head}`),
  );
};
