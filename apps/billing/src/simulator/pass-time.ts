import { cancelIntent } from "./simulated-intents.ts";
import { settleRefund } from "./simulated-refunds.ts";
import type { SimulatedWorld } from "./simulated-world.ts";
import type { SimulatorLedger } from "./simulator-ledger.ts";
import { DAYS_HELD } from "./stripe-answers.ts";

/** What changes by itself: authorizations that nobody has captured end, and refunds come through, or come back. */
export const passTime = async (world: SimulatedWorld, ledger: SimulatorLedger): Promise<void> => {
  const now = world.now();
  const { intents, refunds } = await ledger.due(now, new Date(now.getTime() - DAYS_HELD * 86_400_000));
  for (const id of intents) await ledger.change((books) => cancelIntent(world, books, { id, reason: "automatic" }));
  for (const id of refunds) await ledger.change((books) => settleRefund(world, books, id));
};
