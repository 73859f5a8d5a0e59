import * as z from "zod";

// Printable ASCII without the space: safe in a header, a path segment once encoded, a log line and a key of the log.
const token = (maxLength: number) =>
  z.string().regex(new RegExp(`^[\\x21-\\x7e]{1,${maxLength}}$`), `must be 1 to ${maxLength} printable ASCII characters`);

const ofCheckout = z
  .string()
  .regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[1-9]\d{0,8}$/, "must be a cart's id, a dot and a number");

/** Chosen by the client. Read as lower case, since two spellings of one UUID would be two streams. */
export const CartId = z.uuid().toLowerCase().brand<"CartId", "inout">();
export type CartId = z.infer<typeof CartId>;

export const ProductId = z
  .string()
  .regex(/^[A-Za-z0-9._~:-]{1,64}$/, "must be 1 to 64 letters, digits or . _ ~ : -")
  .brand<"ProductId", "inout">();
export type ProductId = z.infer<typeof ProductId>;

/** Whom a token speaks for: `user-…`, `guest-<uuid>`, or what an outside issuer calls its subjects. */
export const SubjectId = token(128).brand<"SubjectId", "inout">();
export type SubjectId = z.infer<typeof SubjectId>;

/** One attempt of one cart: `<cartId>.<attempt>`, so that nothing that is done again makes a second. */
export const CheckoutId = ofCheckout.brand<"CheckoutId", "inout">();
export type CheckoutId = z.infer<typeof CheckoutId>;

/** The payment of a checkout: its id spells that of the checkout. */
export const PaymentId = ofCheckout.brand<"PaymentId", "inout">();
export type PaymentId = z.infer<typeof PaymentId>;

/** The order of a checkout: its id spells that of the checkout. */
export const OrderId = ofCheckout.brand<"OrderId", "inout">();
export type OrderId = z.infer<typeof OrderId>;

/** What it is about and to whom it goes by which way, so that nothing that is done again makes a second. */
export const NotificationId = token(256).brand<"NotificationId", "inout">();
export type NotificationId = z.infer<typeof NotificationId>;

export const EventId = z.uuid().toLowerCase().brand<"EventId", "inout">();
export type EventId = z.infer<typeof EventId>;

/** Chosen by the client; scoped to the subject and the stream by the service. */
export const IdempotencyKey = token(128).brand<"IdempotencyKey", "inout">();
export type IdempotencyKey = z.infer<typeof IdempotencyKey>;

/** One for everything that follows from one request. */
export const CorrelationId = token(128).brand<"CorrelationId", "inout">();
export type CorrelationId = z.infer<typeof CorrelationId>;

/** What made this happen: `<log>:<epoch>:<shard>:<position>` of the event reacted to. */
export const CausationId = token(256).brand<"CausationId", "inout">();
export type CausationId = z.infer<typeof CausationId>;
