import { until } from "@cartwright/testkit/until";
import type { Asking } from "../asking.ts";

export type Purchase = {
  readonly name: string;
  readonly card: string;
  /** What somebody does while the cart is being paid, as often as it takes. */
  readonly meanwhile?: (paying: Paying) => Promise<unknown>;
};

type Shop = Pick<Asking, "ask" | "insist"> & {
  /** The token of somebody who keeps the shop and its money. */
  operator(): Promise<string>;
};

export type Paying = { readonly system: Shop; readonly token: string; readonly checkoutId: string; readonly key: string };
type Checkout = { readonly status: string; readonly action: { readonly url: string } | null };

const wait = { timeoutMs: 60_000 };

const atTheBank = async ({ system, token, checkoutId }: Paying): Promise<string> => {
  const seen = () => system.ask<Checkout>("checkout.status", { checkoutId }, { token, isQuery: true });
  return (await until(async () => (await seen()).action, { ...wait, what: "the bank's page" })).url;
};

const isPaid = ({ system, token, checkoutId }: Paying) => {
  const seen = () => system.ask<{ status: string }>("order.get", { orderId: checkoutId }, { token, isQuery: true });
  return until(async () => (await seen()).status !== "placed", { ...wait, what: "a paid order" });
};

const cancelledByShop = async (paying: Paying) => {
  await isPaid(paying);
  const { system, checkoutId, key } = paying;
  const cancelling = { orderId: checkoutId, reason: "sent back", idempotencyKey: `${key}-cancel` };
  await system.insist("order.cancel", cancelling, { token: await system.operator() });
};

/** Once the provider has refused to hand the money over, which it still holds. */
const cancelledByShopper = async (paying: Paying) => {
  const { system, token, checkoutId, key } = paying;
  const seen = () => system.ask<{ paymentProblem: string | null }>("order.get", { orderId: checkoutId }, { token, isQuery: true });
  await until(async () => (await seen()).paymentProblem, { ...wait, what: "an order that waits for its money" });
  await system.insist("order.cancel", { orderId: checkoutId, idempotencyKey: `${key}-cancel` }, { token });
};

/** All that there is, unless a part is told. */
const refunded = async (paying: Paying, part?: { readonly amountMinor: number; readonly currency: string }) => {
  await isPaid(paying);
  const { system, checkoutId, key } = paying;
  const refunding = { paymentId: checkoutId, ...(part && { amount: part }), idempotencyKey: `${key}-refund` };
  await system.insist("payment.refund", refunding, { token: await system.operator(), peer: "billing" });
};

const refundedAndAskedFor = async (paying: Paying) => {
  await refunded(paying);
  const { system, checkoutId, key } = paying;
  const asking = { paymentId: checkoutId, idempotencyKey: `${key}-reconcile` };
  await system.insist("payment.reconcile", asking, { token: await system.operator(), peer: "billing" });
};

const [visa, neverTaken] = ["pm_card_visa", "pm_sim_capture_refused"];

export const paid: Purchase = { name: "is paid", card: visa };
export const paidBack: Purchase = { name: "is paid back", card: visa, meanwhile: cancelledByShop };
export const paidBackInPart: Purchase = {
  name: "is paid back in part",
  card: visa,
  meanwhile: (paying) => refunded(paying, { amountMinor: 100, currency: "EUR" }),
};

/** Between them they go through all that a checkout does by itself. */
export const purchases: readonly Purchase[] = [
  paid,
  {
    name: "is paid after 3-D Secure",
    card: "pm_card_authenticationRequired",
    async meanwhile(paying) {
      const url = await atTheBank(paying);
      const confirm = () => fetch(url, { method: "POST", body: new URLSearchParams({ answer: "confirm" }), redirect: "manual" });
      await until(async () => (await confirm()).status < 400, { ...wait, what: "the bank's answer" });
    },
  },
  {
    name: "is given up at the bank",
    card: "pm_card_authenticationRequired",
    async meanwhile(paying) {
      await atTheBank(paying);
      const { system, token, checkoutId, key } = paying;
      await system.insist("checkout.cancel", { checkoutId, idempotencyKey: `${key}-cancel` }, { token });
    },
  },
  paidBack,
  paidBackInPart,
  { name: "is declined", card: "pm_card_chargeDeclined" },
  { name: "is paid, as the provider says only when it is asked again", card: "pm_sim_error_after_charge" },
  { name: "is paid at the second try of the capture", card: "pm_sim_capture_refused_once" },
  { name: "is never paid, since the capture is refused for good", card: neverTaken },
];

/** Gone before it was taken, or given back; what becomes of it the provider says, or only when it is asked. */
export const cancelledBeforeCapture: Purchase = {
  name: "is cancelled before the money is taken",
  card: neverTaken,
  meanwhile: cancelledByShopper,
};
export const paidBackUnanswered: Purchase = {
  name: "is paid back by a provider whose every answer is lost",
  card: "pm_sim_answers_lost",
  meanwhile: refundedAndAskedFor,
};
export const cancelledUnanswered: Purchase = {
  name: "is cancelled before the money is taken, and every answer is lost",
  card: "pm_sim_capture_refused_answers_lost",
  meanwhile: cancelledByShopper,
};
export const paidInTheEnd: Purchase = { name: "is paid by a provider that does not answer in time", card: "pm_sim_timeout_then_success" };
