import { router } from "./context.ts";
import { logHeads } from "./procedures/log-heads.ts";
import { logRead } from "./procedures/log-read.ts";
import { paymentGet } from "./procedures/payment-get.ts";

/** Everything that the service does, over tRPC; one file each. */
export const billingRouter = router({
  payment: router({ get: paymentGet }),
  log: router({ heads: logHeads, read: logRead }),
});
export type BillingRouter = typeof billingRouter;
