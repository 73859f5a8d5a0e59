import fc from "fast-check";
import type { Sql } from "postgres";
import { type CheckoutWorld, everybodyIsDone } from "./checkout-world.ts";
import {
  type Act,
  cancelOrder,
  comeBackFromBank,
  comesToRest,
  fill,
  giveUp,
  payAgain,
  payBy,
  sayAtBank,
  shopAsksProvider,
  shopCancels,
  shopRefunds,
  useCoupon,
} from "./shopping.ts";

/** What the model knows: who has begun to pay. What must be true in the end is the oracle's to say, from all logs and the provider's books. */
export type CheckoutModel = { readonly haveBegun: Set<number> };

export type CheckoutCommand = fc.AsyncCommand<CheckoutModel, CheckoutWorld>;

/** Cards that pay, that do not, that ask the shopper, and providers that answer late, twice, too early, not at first or never. */
export const cards = [
  ...["pm_card_visa", "pm_card_visa", "pm_card_chargeDeclined", "pm_card_authenticationRequired"],
  ...["pm_sim_capture_refused_once", "pm_sim_capture_refused", "pm_sim_slow", "pm_sim_timeout_then_success"],
  ...["pm_sim_error_after_charge", "pm_sim_duplicate_webhooks", "pm_sim_webhook_first", "pm_sim_never_answers"],
];

type Activity = {
  readonly name: string;
  readonly does: Act;
  /** From then on they have begun to pay. */
  readonly begins?: boolean;
  /** Only of whoever has begun to pay. */
  readonly needs?: boolean;
};

/** Somebody begins to do something; nobody waits for it. */
const act = (who: number, { name, does, begins = false, needs = false }: Activity): CheckoutCommand => ({
  check: ({ haveBegun }) => !needs || haveBegun.has(who),
  async run(model, world) {
    if (begins) model.haveBegun.add(who);
    const shopper = world.shoppers[who];
    if (shopper) shopper.busy = shopper.busy.then(() => does(shopper, world));
  },
  toString: () => `${who} ${name}`,
});

const happens = (name: string, does: (world: CheckoutWorld) => Promise<unknown>): CheckoutCommand => ({
  check: () => true,
  run: async (_, world) => void (await does(world)),
  toString: () => name,
});

/** What is on its way from the provider, other than what is told there and nowhere else. */
const webhooks = (name: string, change: (sql: Sql) => Promise<unknown>): CheckoutCommand =>
  happens(`webhooks ${name}`, ({ sql }) => change(sql));

export const commands = {
  fill: (who: number) => act(who, { name: "fills", does: fill }),
  coupon: (who: number) => act(who, { name: "uses the coupon", does: useCoupon }),
  pay: (who: number, card: string) => act(who, { name: `pays by ${card}`, does: payBy(card), begins: true }),
  payAgain: (who: number) => act(who, { name: "pays again, twice at once", does: payAgain, needs: true }),
  giveUp: (who: number) => act(who, { name: "gives up", does: giveUp, needs: true }),
  bank: (who: number, answer: "confirm" | "fail") => act(who, { name: `says ${answer} at the bank`, does: sayAtBank(answer), needs: true }),
  comeBack: (who: number) => act(who, { name: "comes back from the bank", does: comeBackFromBank, needs: true }),
  cancelOrder: (who: number) => act(who, { name: "cancels the order", does: cancelOrder, needs: true }),
  shopCancels: (who: number, restock: boolean) =>
    act(who, { name: `has the order cancelled by the shop${restock ? ", restocked" : ""}`, does: shopCancels(restock), needs: true }),
  refund: (who: number) => act(who, { name: "gets some of it back", does: shopRefunds, needs: true }),
  reconcile: (who: number) => act(who, { name: "is asked for at the provider", does: shopAsksProvider, needs: true }),
  letThemFinish: () => happens("everybody finishes", everybodyIsDone),
  rest: () =>
    happens("all comes to rest", async (world) => {
      await everybodyIsDone(world);
      await Promise.all(world.shoppers.map(comesToRest));
    }),
  kill: () =>
    happens("the system is killed", async ({ system }) => {
      await system.kill();
      await system.start();
    }),
  replace: () =>
    happens("the system is replaced", async ({ system }) => {
      await system.stop();
      await system.start();
    }),
  webhooksLate: () =>
    webhooks(
      "are late, and out of order",
      (sql) => sql`update billing.simulated_event set next_at = now() + random() * interval '2 seconds' where next_at is not null`,
    ),
  webhooksLost: () =>
    webhooks(
      "are lost",
      (sql) => sql`update billing.simulated_event set next_at = null where next_at is not null and type like 'payment_intent.%'`,
    ),
  webhooksAgain: () =>
    webhooks(
      "come again",
      (sql) => sql`update billing.simulated_event set next_at = now(), attempts = 0 where id in
        (select id from billing.simulated_event where next_at is null order by random() limit 5)`,
    ),
};

/** Commands in random order, those that make the most of a run the most often. */
export const checkoutCommands = (shoppers: number): readonly fc.Arbitrary<CheckoutCommand>[] => {
  const who = fc.nat({ max: shoppers - 1 });
  const often = (weight: number, arbitrary: fc.Arbitrary<CheckoutCommand>) => Array.from({ length: weight }, () => arbitrary);
  return [
    ...often(3, who.map(commands.fill)),
    ...often(2, who.map(commands.coupon)),
    ...often(
      8,
      fc.tuple(who, fc.constantFrom(...cards)).map(([index, card]) => commands.pay(index, card)),
    ),
    ...often(3, who.map(commands.payAgain)),
    ...often(2, who.map(commands.giveUp)),
    ...often(
      3,
      fc.tuple(who, fc.constantFrom("confirm" as const, "fail" as const)).map(([index, answer]) => commands.bank(index, answer)),
    ),
    ...often(2, who.map(commands.comeBack)),
    ...often(1, who.map(commands.cancelOrder)),
    ...often(
      1,
      fc.tuple(who, fc.boolean()).map(([index, restock]) => commands.shopCancels(index, restock)),
    ),
    ...often(1, who.map(commands.refund)),
    ...often(1, who.map(commands.reconcile)),
    ...often(5, fc.constant(null).map(commands.letThemFinish)),
    ...often(3, fc.constant(null).map(commands.rest)),
    ...often(1, fc.constant(null).map(commands.kill)),
    ...often(1, fc.constant(null).map(commands.replace)),
    ...often(1, fc.constant(null).map(commands.webhooksLate)),
    ...often(1, fc.constant(null).map(commands.webhooksLost)),
    ...often(1, fc.constant(null).map(commands.webhooksAgain)),
  ];
};
