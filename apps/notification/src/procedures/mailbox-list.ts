import { SubjectId } from "@cartwright/contracts/ids";
import * as z from "zod";
import { withScope } from "../context.ts";

const MailboxList = z.strictObject({
  recipient: SubjectId.optional(),
  /** The number of a mail: those before it, for the next page. */
  before: z.int().positive().optional(),
  limit: z.int().min(1).max(200).default(50),
});

/** The mails that went out into the mailbox of this installation, the newest first. */
export const mailboxList = withScope("notification:read")
  .input(MailboxList.prefault({}))
  .query(async ({ ctx, input: { recipient, before, limit } }) => {
    const mails = await ctx.services.mailbox.list({
      ...(recipient !== undefined && { recipient }),
      ...(before !== undefined && { before }),
      limit,
    });
    return { mails, nextBefore: mails.length === limit ? (mails.at(-1)?.number ?? null) : null };
  });
