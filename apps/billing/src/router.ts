import { parkedRouter } from "@cartwright/service-kit/parked-procedures";
import { router } from "./context.ts";
import { logHeads } from "./procedures/log-heads.ts";
import { logRead } from "./procedures/log-read.ts";
import { paymentAcknowledge } from "./procedures/payment-acknowledge.ts";
import { paymentCapture } from "./procedures/payment-capture.ts";
import { paymentGet } from "./procedures/payment-get.ts";
import { paymentList } from "./procedures/payment-list.ts";
import { paymentReconcile } from "./procedures/payment-reconcile.ts";
import { paymentReconcileMany } from "./procedures/payment-reconcile-many.ts";
import { paymentRefund } from "./procedures/payment-refund.ts";
import { paymentTotals } from "./procedures/payment-totals.ts";
import { paymentVoid } from "./procedures/payment-void.ts";
import { privacyExport } from "./procedures/privacy-export.ts";

/** Everything that the service does, over tRPC; one file each. */
export const billingRouter = router({
  payment: router({
    get: paymentGet,
    list: paymentList,
    totals: paymentTotals,
    capture: paymentCapture,
    void: paymentVoid,
    refund: paymentRefund,
    reconcile: paymentReconcile,
    reconcileMany: paymentReconcileMany,
    acknowledge: paymentAcknowledge,
  }),
  log: router({ heads: logHeads, read: logRead }),
  privacy: router({ export: privacyExport }),
  parked: parkedRouter,
});
export type BillingRouter = typeof billingRouter;
