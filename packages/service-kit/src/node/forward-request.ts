import type { Logger } from "../logger.ts";
import { problem } from "../problem.ts";
import { endToEndHeaders, forwardedHeaders } from "./forwarded-headers.ts";

export type ForwardOptions = {
  /** The origin that answers. */
  readonly upstream: string;
  /** What is asked for there, with the request's query; the same as here unless given. */
  readonly path?: string;
  readonly logger: Logger;
  readonly peer: string | undefined;
};

/**
 * Hands a request on and answers what comes back, both ways as it flows and with the reader's backpressure. Who turns away ends it
 * there, too. An origin that is away is a 502.
 */
export const forwardRequest = async (request: Request, { upstream, path, logger, peer }: ForwardOptions): Promise<Response> => {
  const url = new URL(request.url);
  try {
    const response = await fetch(new URL((path ?? url.pathname) + url.search, upstream), {
      method: request.method,
      headers: forwardedHeaders(request, { url, peer }),
      body: request.body,
      signal: request.signal,
      redirect: "manual",
      ...asItFlows,
    });
    return new Response(response.body, { status: response.status, headers: endToEndHeaders(response.headers) });
  } catch (err) {
    if (request.signal.aborted) return new Response(null, { status: 499 });
    logger.warn({ err, path: url.pathname }, "the service behind this one does not answer");
    return problem(
      { status: 502, title: "The service behind this one does not answer" },
      { "retry-after": "1", "cache-control": "no-store" },
    );
  }
};

/** Bun's own: bodies stay compressed as they are, and a stream that is quiet for minutes is not cut off. */
const asItFlows = { decompress: false, timeout: false };
