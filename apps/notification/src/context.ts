import type { CallContext } from "@cartwright/service-kit/call-context";
import type { ReadableLog } from "@cartwright/service-kit/log-procedures";
import type { ParkedStreams } from "@cartwright/service-kit/parked-procedures";
import { trpcFor } from "@cartwright/service-kit/trpc";
import type { ShownMails } from "./mail/shown-mails.ts";
import type { ExportedNotifications } from "./notifications/exported-notifications.ts";

export type Services = {
  readonly mailbox: ShownMails;
  readonly exported: ExportedNotifications;
  readonly log: ReadableLog;
  readonly parking: ParkedStreams;
};

/** What a procedure of this service is given with each call. */
export type Context = CallContext & { readonly services: Services };

export const { router, withScope, createCallerFactory } = trpcFor<Context>();
