import { until } from "@cartwright/testkit/until";
import type { KillableSystem } from "../killable-system.ts";

export type Purchase = {
  readonly name: string;
  readonly card: string;
  /** What somebody does while the cart is being paid, as often as it takes. */
  readonly meanwhile?: (paying: Paying) => Promise<unknown>;
};

type Paying = { readonly system: KillableSystem; readonly token: string; readonly checkoutId: string; readonly key: string };
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

/** Between them they go through all that a checkout does by itself. */
export const purchases: readonly Purchase[] = [
  { name: "is paid", card: "pm_card_visa" },
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
  {
    name: "is paid back",
    card: "pm_card_visa",
    async meanwhile(paying) {
      await isPaid(paying);
      const { system, checkoutId, key } = paying;
      const cancelling = { orderId: checkoutId, reason: "sent back", idempotencyKey: `${key}-cancel` };
      await system.insist("order.cancel", cancelling, { token: await system.operator() });
    },
  },
  {
    name: "is paid back in part",
    card: "pm_card_visa",
    async meanwhile(paying) {
      await isPaid(paying);
      const { system, checkoutId, key } = paying;
      const amount = { amountMinor: 100, currency: "EUR" };
      const refunding = { paymentId: checkoutId, amount, idempotencyKey: `${key}-refund` };
      await system.insist("payment.refund", refunding, { token: await system.operator(), peer: "billing" });
    },
  },
  { name: "is declined", card: "pm_card_chargeDeclined" },
  { name: "is paid, as the provider says only when it is asked again", card: "pm_sim_error_after_charge" },
  { name: "is paid at the second try of the capture", card: "pm_sim_capture_refused_once" },
  { name: "is never paid, since the capture is refused for good", card: "pm_sim_capture_refused" },
];
