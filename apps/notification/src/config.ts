import { appEnv, durationMs, integer, intentLease, port, secret } from "@cartwright/service-kit/config-fields";
import { processConfig, serviceUrl } from "@cartwright/service-kit/process-config";
import * as z from "zod";

const fields = z.object({
  APP_ENV: appEnv(),
  NOTIFICATION_PORT: port(5203).describe("Where notifications listen."),
  HOST: z.string().min(1).default("0.0.0.0").describe("The address that the service listens on."),
  INTENT_LEASE: intentLease(),
  MAIL_FROM: z
    .union([
      z.literal(""),
      z.string().regex(/^([^<>@\r\n]+ <[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/, "must be an address, or `Name <address>`"),
    ])
    .default("")
    .describe("Whom mails come from: `Shop <shop@example.com>`. In production it has to be said where any go out."),
  MAIL_TIMEOUT: durationMs("10s").describe("How long an answer of whoever delivers mail is waited for."),
  SMTP_URL: z
    .union([z.literal(""), z.url({ protocol: /^smtps?$/ })])
    .default("")
    .describe(
      "A server that mails go out by: `smtp://user:password@host:587`, or `smtps://…`. Absent, and without Postmark: into the mailbox alone.",
    ),
  SMTP_KEY_HEADER: z
    .union([z.literal(""), z.string().regex(/^[A-Za-z][A-Za-z0-9-]*$/, "must be the name of a header")])
    .default("")
    .describe("The header in which that server takes an idempotency key, if it takes one, such as `Resend-Idempotency-Key`."),
  POSTMARK_SERVER_TOKEN: z
    .string()
    .default("")
    .describe("Of a server at Postmark: mails go out by its HTTP API, which can be asked what it has sent."),
  POSTMARK_STREAM: z.string().min(1).default("outbound").describe("The message stream there."),
  POSTMARK_API_URL: z
    .url({ protocol: /^https?$/ })
    .default("https://api.postmarkapp.com")
    .describe("Where Postmark's API is."),
  NOTIFICATION_POOL_SIZE: integer({ standard: 4, min: 2, max: 100 }).describe("Connections to PostgreSQL beside those of the log."),
});

type Delivery = Pick<z.output<typeof fields>, "SMTP_URL" | "POSTMARK_SERVER_TOKEN">;
const isDelivered = ({ SMTP_URL, POSTMARK_SERVER_TOKEN }: Delivery) => SMTP_URL !== "" || POSTMARK_SERVER_TOKEN !== "";

/** What the service reads of its environment, in whatever process it runs. */
export const notificationConfig = fields
  .refine(({ SMTP_URL, POSTMARK_SERVER_TOKEN }) => SMTP_URL === "" || POSTMARK_SERVER_TOKEN === "", {
    path: ["SMTP_URL"],
    error: "does not go together with POSTMARK_SERVER_TOKEN: a mail goes out by one of them",
  })
  .refine((config) => config.APP_ENV !== "production" || !isDelivered(config) || config.MAIL_FROM !== "", {
    path: ["MAIL_FROM"],
    error: "is required in production, where mails go out",
  });
export type NotificationConfig = z.output<typeof notificationConfig>;

/** Whom mails come from. */
export const senderOf = ({ MAIL_FROM }: Pick<NotificationConfig, "MAIL_FROM">): string => MAIL_FROM || "Cartwright <shop@localhost>";

/** The same, of a process that is nothing but this service. */
export const notificationProcessConfig = notificationConfig.safeExtend({
  ...processConfig({ adminPort: 9203 }).shape,
  CART_URL: serviceUrl(5105).describe("The cart service, whose tokens are accepted, whose log is followed, and which opens addresses."),
  NOTIFICATION_SECRET: secret({ development: "development-notification" }).describe(
    "By which the service gets its token from the cart service.",
  ),
});
