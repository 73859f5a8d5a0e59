import { SubjectId } from "@cartwright/contracts/ids";
import { Sealed } from "@cartwright/contracts/sealed";
import { describe, expect, test } from "vitest";
import { inMemoryMailbox } from "./in-memory-mailbox.ts";
import type { Mailbox } from "./mailbox.ts";
import type { Mailer } from "./mailer.ts";

export type OpenedMailer = AsyncDisposable & {
  readonly mailer: Mailer;
  /** Whether anything leaves the installation. */
  readonly delivers: boolean;
  /** To whom what went out, in its order. */
  arrived(): readonly { readonly to: string; readonly subject: string }[];
};

export const sealedEmail = Sealed.parse(`sealed.1.${"A".repeat(22)}.${"b".repeat(16)}.${"c".repeat(40)}`);
const recipient = SubjectId.parse("user-ada");
const signal = new AbortController().signal;

/** A mail about an order, to `ada@example.com` unless it is to somebody else. */
export const letter = (key: string, email = "ada@example.com") => ({
  ...{ key, signal, subject: `Đơn hàng ${key}`, text: "Cảm ơn bạn.\n" },
  recipient: { subjectId: recipient, email },
});

/** What holds of every mailer, whoever delivers. */
export const mailerConformance = (name: string, open: (mailbox: Mailbox) => Promise<OpenedMailer>): void => {
  describe(name, () => {
    test("what was handed over and told is found under its key, by the name that it was given, and nothing else is", async () => {
      const mailbox = inMemoryMailbox();
      await using opened = await open(mailbox);
      const { mailer } = opened;
      const [one, two] = ["order-paid:email:1.1:send:1", "order-paid:email:2.1:send:1"] as const;
      expect([await mailer.sent({ key: one, signal }), await mailer.sent({ key: two, signal })]).toEqual([null, null]);
      const handedOver = await mailer.send(letter(one));
      if (handedOver.outcome === "refused") throw new Error("it takes mail for Ada");
      const { messageId } = handedOver;
      const { subject, text } = letter(one);
      await mailbox.keep({ key: one, messageId, recipient, sealedEmail, subject, text });
      expect([await mailer.sent({ key: one, signal }), await mailer.sent({ key: two, signal })]).toEqual([{ messageId }, null]);
    });

    test("each mail goes to whom it is for, or nowhere", async () => {
      await using opened = await open(inMemoryMailbox());
      await opened.mailer.send(letter("one"));
      await opened.mailer.send(letter("two", "grace@example.com"));
      const letters = [
        { to: "ada@example.com", subject: "Đơn hàng one" },
        { to: "grace@example.com", subject: "Đơn hàng two" },
      ];
      expect(opened.arrived()).toEqual(opened.delivers ? letters : []);
    });
  });
};
