import { holdsCardNumber, withoutCardNumbers } from "./card-numbers.ts";

/**
 * What may be written to a log of a value: fields that are named after a secret or a contact are blanked out, card numbers wherever they
 * stand, and errors become their type, message, stack, code and cause. It answers a copy, of what lies up to eight levels deep.
 */
export const redact = (value: unknown, depth = 0): unknown => {
  if (typeof value === "string") return withoutCardNumbers(value, BLANK);
  if (typeof value !== "object" || value === null) return value;
  if (depth === MAX_DEPTH) return "[deeper]";
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  if (value instanceof Error) return redact(plainError(value), depth);
  if (value instanceof Date || "toJSON" in value) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(value))
    copy[withoutCardNumbers(key, BLANK)] = isSecret(key, field) ? BLANK : redact(field, depth + 1);
  return copy;
};

/** For text, where secrets and contacts are known by their form alone. */
export const redactText = (text: string): string =>
  text
    .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, BLANK)
    .replace(/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, `$1 ${BLANK}`)
    .replace(/(:\/\/[^\s:/@"]*:)[^\s@"]+@/g, `$1${BLANK}@`)
    .replace(/\b(password|pwd)=[^;\s"]+/gi, `$1=${BLANK}`)
    .replace(/[\w.+-]+@(?=[\w-]*[a-z])[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b/gi, BLANK);

const BLANK = "[redacted]";
const MAX_DEPTH = 8;

/** By the end of the name, so that `accessToken` and `x-api-key` are meant and `tokenId` and `passwords` are not. */
const SENSITIVE = /(?:authorization|cookie|password|passwd|pwd|secret|token|(?:api|master|private|signing)[-_]?key|e[-_]?mail|phone)$/i;

const isSecret = (name: string, field: unknown): boolean =>
  SENSITIVE.test(name) || (typeof field === "number" && holdsCardNumber(field, name));

const plainError = (error: Error): object => ({
  type: error.name,
  message: error.message,
  stack: error.stack,
  ...("code" in error && { code: error.code }),
  ...("retryable" in error && { retryable: error.retryable }),
  ...(error.cause !== undefined && { cause: error.cause }),
});
