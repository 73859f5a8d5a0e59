import { parkedRouter } from "@cartwright/service-kit/parked-procedures";
import { router } from "./context.ts";
import { assessmentGet } from "./procedures/assessment-get.ts";
import { logHeads } from "./procedures/log-heads.ts";
import { logRead } from "./procedures/log-read.ts";
import { privacyExport } from "./procedures/privacy-export.ts";

/** Everything that the service does, over tRPC; one file each. */
export const fraudRouter = router({
  assessment: router({ get: assessmentGet }),
  log: router({ heads: logHeads, read: logRead }),
  privacy: router({ export: privacyExport }),
  parked: parkedRouter,
});
export type FraudRouter = typeof fraudRouter;
