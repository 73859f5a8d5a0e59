import { type AnyTRPCProcedure, type AnyTRPCRouter, TRPCError } from "@trpc/server";
import { boundedText } from "./request-body.ts";
import { decodeInput } from "./wire-input.ts";
import { encodeOutput } from "./wire-output.ts";

/**
 * The procedure of a request that is one plain query or mutation, neither batched nor streamed. What tRPC does around such a
 * call costs as much as the call; its success can be answered without.
 */
export const plainlyCalled = (router: AnyTRPCRouter, path: string, { method, url, headers }: Request): AnyTRPCProcedure | undefined => {
  const { procedures } = router._def;
  // A router keeps its procedures without their types.
  const procedure = Object.hasOwn(procedures, path) ? (procedures as Record<string, AnyTRPCProcedure>)[path] : undefined;
  if (procedure === undefined || procedure._def.type !== callTypes[method]) return undefined;
  if (!(method === "POST" ? BARE : QUERY).test(url)) return undefined;
  return headers.has("trpc-accept") || headers.get("accept")?.includes("application/jsonl") ? undefined : procedure;
};

export type PlainCall = {
  readonly procedure: AnyTRPCProcedure;
  readonly path: string;
  readonly ctx: unknown;
  readonly bodyLimitBytes: number;
};

/** Answers its success as tRPC would; throws what it throws. */
export const answerPlainly = async (request: Request, { procedure, path, ctx, bodyLimitBytes }: PlainCall): Promise<Response> => {
  let input: Promise<unknown> | undefined;
  const getRawInput = () => {
    input ??= inputOf(request, bodyLimitBytes);
    return input;
  };
  const data: unknown = await procedure({ ctx, path, type: procedure._def.type, signal: request.signal, batchIndex: 0, getRawInput });
  if (typeof data === "object" && data !== null && Symbol.asyncIterator in data) throw new TRPCError({ code: "UNSUPPORTED_MEDIA_TYPE" });
  return new Response(JSON.stringify({ result: { data: encodeOutput(data) } }), { headers: HEADERS });
};

const inputOf = async (request: Request, limitBytes: number): Promise<unknown> => {
  const { method, url } = request;
  const text = method === "POST" ? await boundedText(request, limitBytes) : new URLSearchParams(url.slice(url.indexOf("?"))).get("input");
  if (!text) return undefined;
  return decodeInput(parsedOrNothing(text));
};

/** Of what is no JSON `undefined`, which the decoder refuses like any other input that superjson did not write. */
const parsedOrNothing = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const callTypes: Readonly<Record<string, string>> = { GET: "query", POST: "mutation" };
const BARE = /^[^?]*$/;
const QUERY = /^[^?]*(?:\?input=[^&]*)?$/;
const HEADERS = { vary: "trpc-accept, accept", "content-type": "application/json" };
