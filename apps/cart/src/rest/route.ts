import type { RefusalCode } from "@cartwright/contracts/refusals";
import { type Access, admitted, denialOf } from "@cartwright/service-kit/access";
import { holdsCardNumber } from "@cartwright/service-kit/card-numbers";
import { invalidInput } from "@cartwright/service-kit/edge-error";
import { requestRefused } from "@cartwright/service-kit/request-refusal";
import type { ServiceEnv } from "@cartwright/service-kit/service-env";
import { TRPCError } from "@trpc/server";
import type { Context as HonoContext } from "hono";
import * as z from "zod";
import { type Caller, callerOf } from "../carts/caller.ts";
import type { Context } from "../context.ts";

/** A route of the REST API: what it takes and gives, as the OpenAPI document tells it, and what it does. */
export type Route = Definition & { readonly answer: (c: HonoContext<ServiceEnv>, ctx: Context) => Promise<Response> };

export type Definition = {
  /** What generated clients call it. */
  readonly id: string;
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** As OpenAPI writes it: `/api/cart/{cartId}`. */
  readonly path: string;
  readonly access: Exclude<Access, object>;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** By their lower-case names; the route reads them itself. */
  readonly headers?: Readonly<Record<string, HeaderDoc>>;
  readonly body?: Body;
  readonly answers: Readonly<Record<number, AnswerDoc>>;
  /** Beside those that any request may get. */
  readonly refusals: readonly RefusalCode[];
};

export type HeaderDoc = { readonly description: string; readonly example: string };
export type Body = { readonly schema: z.ZodObject; readonly examples?: Readonly<Record<string, BodyExample>> };
export type BodyExample = { readonly summary: string; readonly value: unknown };
export type AnswerDoc = {
  readonly description: string;
  /** Where the body is not JSON. */
  readonly mediaType?: string;
  readonly schema?: z.ZodType;
  readonly headers?: Readonly<Record<string, HeaderDoc>>;
};

/** What a route is given once its input is parsed and its caller admitted. */
export type Call<Params, Query, Body> = {
  readonly c: HonoContext<ServiceEnv>;
  readonly ctx: Context;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** @throws {TRPCError} on a route for anybody, where nobody has identified themselves. */
  readonly caller: () => Caller;
};

type Parts<Params extends z.ZodObject, Query extends z.ZodObject, BodySchema extends z.ZodObject> = {
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body & { readonly schema: BodySchema };
};

const Nothing = z.strictObject({});
type Nothing = typeof Nothing;

export const route = <Params extends z.ZodObject = Nothing, Query extends z.ZodObject = Nothing, BodySchema extends z.ZodObject = Nothing>(
  definition: Omit<Definition, "params" | "query" | "body"> & Parts<Params, Query, BodySchema>,
  answer: (call: Call<z.output<Params>, z.output<Query>, z.output<BodySchema>>) => Promise<Response>,
): Route => {
  const { access, params, query, body } = definition;
  return {
    ...definition,
    async answer(c, ctx) {
      const denial = denialOf(ctx, access);
      if (denial) throw denial;
      const given = { params: params ? c.req.param() : {}, query: c.req.query(), body: body ? await readJson(c) : {} };
      if (holdsCardNumber([given, c.req.header("idempotency-key")])) throw requestRefused({ code: "CardNumberInInput" });
      return answer({
        c,
        ctx,
        // Where a part has no schema, its type is that of nothing.
        params: parsed(params ?? Nothing, given.params) as z.output<Params>,
        query: parsed(query ?? Nothing, given.query) as z.output<Query>,
        body: parsed(body?.schema ?? Nothing, given.body) as z.output<BodySchema>,
        caller: () => callerOf({ ...ctx, principal: admitted(ctx, "subject") }),
      });
    },
  };
};

/** A whole number in a query or a path. */
export const digits = (schema: z.ZodType<number, number>) =>
  z
    .string()
    .regex(/^\d{1,15}$/, "must be a whole number")
    .transform(Number)
    .pipe(schema);

const parsed = (schema: z.ZodObject, value: unknown): unknown => {
  const result = schema.safeParse(value);
  if (!result.success) throw invalidInput(result.error);
  return result.data;
};

const readJson = async (c: HonoContext<ServiceEnv>): Promise<unknown> => {
  if (!/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(c.req.header("content-type") ?? ""))
    throw requestRefused({ code: "UnsupportedMediaType" });
  const json = jsonIn(await c.req.raw.text());
  if (json === undefined) throw new TRPCError({ code: "BAD_REQUEST", message: "the body is not JSON" });
  return json;
};

/** JSON has no undefined, so that stands for what is no JSON. */
const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
