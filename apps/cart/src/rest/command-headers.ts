import { IdempotencyKey } from "@cartwright/contracts/ids";
import { invalidInput } from "@cartwright/service-kit/edge-error";
import { TRPCError } from "@trpc/server";
import type { ExpectedVersion } from "../carts/command-input.ts";
import { parseIfMatch } from "./entity-tag.ts";
import type { HeaderDoc } from "./route.ts";

export const commandHeaderDocs: Readonly<Record<string, HeaderDoc>> = {
  "idempotency-key": {
    description: "A retry under the same key gets the first answer. The same key with another input is refused.",
    example: "8e03978e-40d5-43dd-bc93-6894a57f9324",
  },
  "if-match": {
    description: "The entity tag that the shopper saw; where the cart is elsewhere the command is refused. A weak tag (`W/`) matches none.",
    example: '"3"',
  },
};

type Headers = { header(name: string): string | undefined };

/** What `Idempotency-Key`, `If-Match` and `If-None-Match` say of a command. */
export const commandHeaders = (request: Headers): { idempotencyKey?: IdempotencyKey; expectedVersion?: ExpectedVersion } => {
  const idempotencyKey = idempotencyKeyOf(request.header("idempotency-key"));
  const expectedVersion = expectedVersionOf(request);
  return { ...(idempotencyKey !== undefined && { idempotencyKey }), ...(expectedVersion !== undefined && { expectedVersion }) };
};

/** Quoted, as the header's draft has it, or bare, as most clients send it. */
const idempotencyKeyOf = (header: string | undefined): IdempotencyKey | undefined => {
  if (header === undefined) return undefined;
  const key = IdempotencyKey.safeParse(/^"(.*)"$/.exec(header)?.[1] ?? header);
  if (!key.success) throw invalidInput(key.error);
  return key.data;
};

const expectedVersionOf = (request: Headers): ExpectedVersion | undefined => {
  const ifMatch = request.header("if-match");
  if (ifMatch === undefined) return request.header("if-none-match")?.trim() === "*" ? 0 : undefined;
  const condition = parseIfMatch(ifMatch);
  if (condition === undefined)
    throw new TRPCError({ code: "BAD_REQUEST", message: 'If-Match is neither * nor a list of entity tags such as "3"' });
  return Array.isArray(condition) && condition.length === 1 ? condition[0] : condition;
};
