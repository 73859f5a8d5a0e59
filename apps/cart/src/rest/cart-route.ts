import { CartId } from "@cartwright/contracts/ids";
import type { RefusalCode } from "@cartwright/contracts/refusals";
import { lineOfText } from "@cartwright/contracts/text";
import * as z from "zod";
import type { Answer } from "../carts/answer.ts";
import type { CartReply } from "../carts/run-command.ts";
import { commandHeaderDocs } from "./command-headers.ts";
import { entityTag } from "./entity-tag.ts";
import { CartReplyBody } from "./replies.ts";
import { restUnwrap } from "./rest-refusal.ts";
import type { AnswerDoc, Definition } from "./route.ts";

export const CartParams = z.strictObject({ cartId: CartId });

/** What every question about a cart may come with. */
export const supportQuery = { reason: lineOfText(500).optional().describe("Why support does it; needed for a cart of somebody else") };

export const SupportQuery = z.strictObject(supportQuery);

/** What every route that changes a cart has in common. */
export const cartCommandRoute = { access: "subject", tag: "Carts", headers: commandHeaderDocs } as const satisfies Partial<Definition>;

export const commandRefusals = [
  "CartNotFound",
  "CartClosed",
  "CheckoutInProgress",
  "VersionMismatch",
  "IdempotencyKeyReused",
  "ReasonMissing",
] as const satisfies readonly RefusalCode[];

export const etagDoc = { etag: { description: "The cart's version", example: '"3"' } };

export const commandAnswerDoc = (description: string): AnswerDoc => ({ description, schema: CartReplyBody, headers: etagDoc });

type Answering = { json(body: object, status: 200 | 201, headers: Record<string, string>): Response };

/** A command's answer with the cart's new entity tag. */
export const commandAnswer = (c: Answering, answer: Answer<CartReply>, { created }: { created?: string } = {}): Response => {
  const reply = restUnwrap(answer);
  const headers = { etag: entityTag(reply.version), ...(created !== undefined && { location: created }) };
  return c.json({ ...reply, position: String(reply.position) }, created === undefined ? 200 : 201, headers);
};
