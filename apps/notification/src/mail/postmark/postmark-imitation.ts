import { Hono } from "hono";
import * as z from "zod";

/** A mail that was accepted. */
export type AcceptedMail = { readonly id: string; readonly key: string; readonly to: string; readonly subject: string };

export type PostmarkImitation = {
  readonly app: Hono;
  /** In the order in which they came. Two under one key are two mails, as they are at Postmark. */
  accepted(): readonly AcceptedMail[];
};

/** For tests: the part of Postmark's HTTP API that is used here, with books of its own. It delivers nothing, and takes any token. */
export const postmarkImitation = (): PostmarkImitation => {
  const accepted: AcceptedMail[] = [];
  const app = new Hono();
  app.use(async (c, next) => {
    if (!c.req.header("x-postmark-server-token")) return c.json({ ErrorCode: 10, Message: "Bad or missing API token" }, 401);
    return next();
  });
  app.post("/email", async (c) => {
    const { success, data } = Mail.safeParse(await c.req.json());
    if (!success) return c.json({ ErrorCode: 300, Message: "Invalid email request" }, 422);
    const { To: to, Subject: subject } = data;
    if (to.startsWith("inactive@")) return c.json({ ErrorCode: 406, Message: `Found inactive addresses: ${to}` }, 422);
    const id = crypto.randomUUID();
    accepted.push({ id, key: data.Metadata.mailkey, to, subject });
    return c.json({ To: to, SubmittedAt: new Date().toISOString(), MessageID: id, ErrorCode: 0, Message: "OK" });
  });
  app.get("/messages/outbound", (c) => {
    const found = accepted.filter(({ key }) => key === c.req.query("metadata_mailkey"));
    const messages = found
      .slice(0, Number(c.req.query("count")))
      .map(({ id, subject }) => ({ MessageID: id, Subject: subject, Status: "Sent" }));
    return c.json({ TotalCount: found.length, Messages: messages });
  });
  return { app, accepted: () => accepted };
};

const Mail = z.strictObject({
  From: z.string().min(3),
  To: z.email(),
  Subject: z.string().min(1).max(2_000),
  TextBody: z.string().min(1),
  MessageStream: z.string().min(1),
  Metadata: z.strictObject({ mailkey: z.string().min(1).max(80) }),
});
