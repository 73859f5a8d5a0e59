import { parkedRouter } from "@cartwright/service-kit/parked-procedures";
import { router } from "./context.ts";
import { logHeads } from "./procedures/log-heads.ts";
import { logRead } from "./procedures/log-read.ts";
import { mailboxList } from "./procedures/mailbox-list.ts";
import { privacyExport } from "./procedures/privacy-export.ts";

/** Everything that the service does, over tRPC; one file each. */
export const notificationRouter = router({
  mailbox: router({ list: mailboxList }),
  log: router({ heads: logHeads, read: logRead }),
  privacy: router({ export: privacyExport }),
  parked: parkedRouter,
});
export type NotificationRouter = typeof notificationRouter;
