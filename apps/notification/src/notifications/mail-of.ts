import { formatMoney } from "@cartwright/contracts/format-money";
import type { NotificationContact, NotificationKind } from "@cartwright/contracts/notification-events";
import type { Requested } from "./notification.ts";

/** What a mail says. */
export type MailText = { readonly subject: string; readonly text: string };

/** `paid` is null where there was nothing to pay. */
type Facts = { readonly orderId: string; readonly paid: string | null };
type Template = (facts: Facts) => MailText;

export type MailRequest = Pick<Requested, "kind" | "facts"> & Pick<NotificationContact, "locale">;

/** What a notification says as a mail, in the shopper's language, or in English where that is not among ours. */
export const mailOf = ({ kind, facts: { orderId, amount }, locale }: MailRequest): MailText => {
  const { en, ...others } = templates[kind];
  const [language = "en"] = locale.split("-");
  const [spoken, template] = others[language] ? [language, others[language]] : ["en", en];
  return template({ orderId, paid: amount.amountMinor === 0 ? null : formatMoney(amount, spoken) });
};

const templates: Readonly<Record<NotificationKind, { readonly en: Template } & Readonly<Record<string, Template>>>> = {
  "order-paid": {
    en: ({ orderId, paid }) => ({
      subject: `Your order ${orderId}`,
      text: `Thank you for your order ${orderId}.\n${paid === null ? "There was nothing to pay." : `You have paid ${paid}.`}\n`,
    }),
    de: ({ orderId, paid }) => ({
      subject: `Ihre Bestellung ${orderId}`,
      text: `Vielen Dank für Ihre Bestellung ${orderId}.\n${paid === null ? "Es war nichts zu bezahlen." : `Sie haben ${paid} bezahlt.`}\n`,
    }),
    vi: ({ orderId, paid }) => ({
      subject: `Đơn hàng ${orderId} của bạn`,
      text: `Cảm ơn bạn đã đặt đơn hàng ${orderId}.\n${paid === null ? "Bạn không phải thanh toán gì." : `Bạn đã thanh toán ${paid}.`}\n`,
    }),
  },
};
