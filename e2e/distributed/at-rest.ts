import type { Sql } from "postgres";
import { type Promised, wrongAtRest } from "../checkout-oracle.ts";
import { type ProviderBooks, simulatorBooks } from "../provider-books.ts";
import { endsAmiss } from "./ends-amiss.ts";
import type { PurchaseKind } from "./purchase-kinds.ts";
import type { Purchase } from "./shoppers.ts";

/** What a checkout comes to, once: each of them, those that are paid, and what is not of all of them. */
const outcomes = [
  ["cart", "CheckoutStarted", "each"],
  ["cart", "CheckoutApproved", "each"],
  ["cart", "OrderPlaced", "each"],
  ["cart", "OrderPaid", "paid"],
  ["cart", "OrderCancelled", "some"],
  ["cart", "OrderRefunded", "some"],
  ["billing", "PaymentMethodInspected", "each"],
  ["billing", "PaymentAuthorized", "each"],
  ["billing", "PaymentCaptured", "paid"],
  ["billing", "PaymentWithdrawn", "some"],
  ["billing", "PaymentVoided", "some"],
  ["billing", "PaymentRefundRequested", "some"],
  ["billing", "PaymentRefunded", "some"],
  ["fraud", "CheckoutAssessed", "each"],
  ["notification", "NotificationRequested", "paid"],
  ["notification", "NotificationSent", "paid"],
] as const;

export type Verdict = {
  /** Acknowledged checkouts that have not come to all of it yet: empty at rest. */
  readonly unfinished: readonly string[];
  /** Those whose order, payment or account at the provider is not what it has to be: empty at rest. */
  readonly amiss: readonly string[];
  /** What happened more than once to a checkout: empty always. */
  readonly twice: readonly string[];
  /** Views that do not show their cart's last event: empty at rest. */
  readonly behind: readonly string[];
  /** Groups and relays that have not settled all that is in the log: empty at rest. */
  readonly lagging: readonly string[];
};

export const atRest: Verdict = { unfinished: [], amiss: [], twice: [], behind: [], lagging: [] };

/** Of whoever delivers mail: what it has accepted, by checkout. */
type MailBooks = { mails(): ReadonlyMap<string, readonly unknown[]> };

/** What is held against the services beside what they have kept themselves. */
export type Outside = {
  /** A provider with books of its own, outside the database; absent: billing's simulator. */
  readonly provider?: ProviderBooks;
  /** Books outside the database, of whoever delivers mail, where somebody has some. */
  readonly mailer?: MailBooks;
  /** The pieces that all of them bought, if they are counted. */
  readonly stock?: Pick<Promised, "stockId" | "pieces">;
};

/**
 * Holds what was acknowledged against all that the services have kept, their logs, their books, the mailbox and the views, and against the
 * books of those outside.
 */
export const judge = async (sql: Sql, acknowledged: readonly Purchase[], outside: Outside = {}): Promise<Verdict> => {
  const { provider = simulatorBooks(sql), mailer, stock } = outside;
  const counts = new Map<string, number>();
  for (const [log, type] of outcomes) {
    const rows = await sql<{ id: string; count: number }[]>`
      select ${log === "cart" ? sql`data->>'checkoutId'` : sql`regexp_replace(stream_id, '^(payment-|assessment-|notification-order-paid:email:)', '')`} as id,
        count(*)::integer as count
      from ${sql(log)}.event where type = ${type} group by 1`;
    for (const { id, count } of rows) counts.set(`${type} ${id}`, count);
  }
  const accounts = await provider.accounts();
  for (const [id, { taken, held }] of accounts) counts.set(`charge ${id}`, taken + held);
  for (const [id, mails] of mailer?.mails() ?? []) counts.set(`delivered mail ${id}`, mails.length);
  const due = [...outcomes.map(([, type, of]) => ({ type, of })), ...(mailer ? [{ type: "delivered mail", of: "paid" } as const] : [])];
  const unfinished = acknowledged.flatMap(({ checkoutId, kind }) =>
    due.flatMap(({ type, of }) => (isDueTo(kind, of) && !counts.has(`${type} ${checkoutId}`) ? [`${type} ${checkoutId}`] : [])),
  );
  const twice = [...counts].flatMap(([what, count]) => (count > 1 ? [what] : []));
  const [mails] = await sql<{ count: number }[]>`select count(*)::integer as count from notification.mail`;
  const sent = await sql<{ count: number }[]>`select count(*)::integer as count from notification.event where type = 'NotificationSent'`;
  const told = acknowledged.filter(({ kind }) => isPaid(kind));
  if ((mails?.count ?? 0) > told.length) twice.push(`${mails?.count} mails for ${told.length} orders`);
  if ((mails?.count ?? 0) < (sent[0]?.count ?? 0)) unfinished.push("a mail that is said to be sent");
  const amiss = [
    ...(await endsAmiss(sql, acknowledged, accounts)),
    ...(stock ? await wrongInAll(sql, acknowledged, { provider, stock }) : []),
  ];
  const behind = await sql<{ id: string }[]>`
    select stream_id as id from cart.event e where stream_id like 'cart-%'
    group by stream_id
    having max(version) <> coalesce((select v.version from projector.shown_cart_view v where 'cart-' || v.cart_id = e.stream_id), 0)`;
  return { unfinished, amiss, twice, behind: behind.map(({ id }) => id), lagging: await laggingGroups(sql) };
};

const wrongInAll = (sql: Sql, acknowledged: readonly Purchase[], { provider, stock }: Required<Omit<Outside, "mailer">>) => {
  const cartIds = acknowledged.map(({ cartId }) => cartId);
  const checkoutIds = new Set(acknowledged.map(({ checkoutId }) => checkoutId));
  return wrongAtRest(sql, { cartIds, checkoutIds, ...stock, coupon: "none", maxUses: 0, books: provider });
};

const isPaid = ({ ends }: PurchaseKind) => ends.payment !== "Voided";
const isDueTo = (kind: PurchaseKind, of: (typeof outcomes)[number][2]) => of === "each" || (of === "paid" && isPaid(kind));

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
