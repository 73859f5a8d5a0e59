import * as z from "zod";
import { CartStatus } from "./cart-shapes.ts";
import { Currency } from "./currency.ts";
import { CartId, IdempotencyKey, ProductId, SubjectId } from "./ids.ts";
import { Money } from "./money.ts";

const refusal = <const Code extends string, const Facts extends z.ZodRawShape>(code: Code, facts: Facts) =>
  z.strictObject({ code: z.literal(code), ...facts });

/** The rules of the cart itself. */
const cartRefusals = [
  /** Also the answer for a cart of somebody else. */
  refusal("CartNotFound", { cartId: CartId }),
  refusal("CartClosed", { cartId: CartId, status: CartStatus.exclude(["Open"]) }),
  refusal("CartFull", { maxDistinctProducts: z.int() }),
  refusal("TooManyOfProduct", { productId: ProductId, asked: z.int(), max: z.int() }),
  /** The line or the cart would be worth more than 2^53 − 1 minor units. */
  refusal("TotalTooLarge", { currency: Currency }),
  refusal("CurrencyMismatch", { cart: Currency, given: Currency }),
  refusal("NotInCart", { productId: ProductId }),
  refusal("NothingToUndo", {}),
  /** Products of the last removal that have been added again since. */
  refusal("BackInCart", { productIds: z.array(ProductId).readonly() }),
  refusal("NotAGuestCart", { cartId: CartId }),
  refusal("SameCart", { cartId: CartId }),
] as const;

/** Of the commands: retries, what the shopper saw, who may do what. */
const commandRefusals = [
  refusal("VersionMismatch", { expected: z.int(), actual: z.int() }),
  /** `atLeastVersion` lies beyond the stream's end. */
  refusal("VersionNotReached", { atLeast: z.int(), actual: z.int() }),
  refusal("IdempotencyKeyReused", { key: IdempotencyKey }),
  /** The shopper saw another price than the list's. */
  refusal("PriceChanged", { productId: ProductId, seen: Money, list: Money }),
  refusal("ProductNotFound", { productId: ProductId }),
  refusal("ProductRetired", { productId: ProductId }),
  refusal("CurrencyNotOffered", { productId: ProductId, currency: Currency, offered: z.array(Currency).readonly() }),
  /** A shopper's token names another owner than its own subject. */
  refusal("OwnerMismatch", { userId: SubjectId }),
] as const;

const tokenRefusals = [
  refusal("InvalidCredentials", {}),
  refusal("TooManyAttempts", { retryAfterMs: z.int().nonnegative() }),
  refusal("TokenMissing", {}),
  refusal("TokenInvalid", { token: z.enum(["access", "refresh", "guest"]), reason: z.enum(["malformed", "expired", "revoked", "reused"]) }),
  refusal("ScopeMissing", { scope: z.string() }),
  /** Support says why it touches what is not its own. */
  refusal("ReasonMissing", {}),
] as const;

/** Of requests that never became a command. */
const requestRefusals = [
  refusal("InvalidInput", {
    issues: z.array(z.strictObject({ path: z.array(z.union([z.string(), z.number()])).readonly(), message: z.string() })).readonly(),
  }),
  refusal("BodyTooLarge", { maxBytes: z.int() }),
  refusal("BatchTooLarge", { maxCalls: z.int() }),
  refusal("TooManyRequests", { retryAfterMs: z.int().nonnegative() }),
  refusal("RouteNotFound", { path: z.string() }),
] as const;

/** Every "no" of the cart service, `{ code, …facts }`: one closed union for the domain, the wire and the clients. */
export const Refusal = z.discriminatedUnion("code", [...cartRefusals, ...commandRefusals, ...tokenRefusals, ...requestRefusals]);
export type Refusal = z.infer<typeof Refusal>;

export type RefusalCode = Refusal["code"];

/** The refusals with these codes. */
export type RefusalOf<Code extends RefusalCode> = Extract<Refusal, { code: Code }>;
