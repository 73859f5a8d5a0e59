import { type RefusalRules, refusalErrors } from "./refusal.ts";

/** The error of a request that is refused whatever the service. */
export const requestRefused = (refusal: RequestRefusal) => toError(refusal);

/** Why a request is refused before any service's own rule is asked. */
export type RequestRefusal =
  /** The input is not what the procedure takes; `issues` beside the refusal say where. */
  | { readonly code: "InvalidInput" }
  /** Something in it looks like a card's number, which never enters the system: a card is paid by through a token of the provider. */
  | { readonly code: "CardNumberInInput" }
  | { readonly code: "Unauthenticated"; readonly reason: "missing" | TokenFault }
  | { readonly code: "Forbidden"; readonly scope: string }
  | { readonly code: "NotFound" }
  | { readonly code: "MethodNotAllowed" }
  | { readonly code: "UnsupportedMediaType" }
  | { readonly code: "BodyTooLarge"; readonly limitBytes: number }
  | { readonly code: "BatchTooLarge"; readonly limit: number }
  /** On one connection. */
  | { readonly code: "TooManySubscriptions"; readonly limit: number };

/** Why an access token is not accepted. */
export type TokenFault = "expired" | "invalid" | "revoked";

const rules: RefusalRules<RequestRefusal> = {
  InvalidInput: { trpc: "BAD_REQUEST", title: "The input is not valid" },
  CardNumberInInput: { trpc: "BAD_REQUEST", title: "Something in the input looks like a card's number" },
  Unauthenticated: { trpc: "UNAUTHORIZED", title: "A valid access token is needed" },
  Forbidden: { trpc: "FORBIDDEN", title: "The access token does not allow this" },
  NotFound: { trpc: "NOT_FOUND", title: "There is nothing here" },
  MethodNotAllowed: { trpc: "METHOD_NOT_SUPPORTED", title: "The method is not supported here" },
  UnsupportedMediaType: { trpc: "UNSUPPORTED_MEDIA_TYPE", title: "The body is not of a supported type" },
  BodyTooLarge: { trpc: "PAYLOAD_TOO_LARGE", title: "The body is too large" },
  BatchTooLarge: { trpc: "BAD_REQUEST", title: "The batch has too many calls" },
  TooManySubscriptions: { trpc: "TOO_MANY_REQUESTS", title: "The connection has as many subscriptions as it may" },
};

const toError = refusalErrors<RequestRefusal>(rules);
