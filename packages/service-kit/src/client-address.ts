import type { ServiceEnv } from "./service-env.ts";

/** What is known of where a request came from. */
export type CameFrom = Pick<ServiceEnv["Variables"], "remoteAddress" | "forwardedFor">;

/**
 * Who asked: the other end of the connection, or, behind so many proxies that are trusted, what the outermost of them has seen. What stands
 * further left in `X-Forwarded-For` anybody can have written. Undefined where the runtime does not say.
 */
export const clientAddressOf = ({ remoteAddress, forwardedFor = "" }: CameFrom, trustedProxies: number): string | undefined => {
  if (remoteAddress === undefined) return undefined;
  const seen = forwardedFor.split(",").map((address) => address.trim());
  const hops = [...seen.filter((address) => ADDRESS.test(address)), remoteAddress];
  return hops[Math.max(0, hops.length - 1 - trustedProxies)];
};

/** An IPv4 or IPv6 address, as far as its letters tell. */
const ADDRESS = /^[\da-fA-F.:]{2,45}$/;

/** Of the runtimes that say it: Bun hands the server to an app, Deno what it knows of the connection. */
export const remoteAddressOf = (environment: unknown, request: Request): string | undefined => {
  if (typeof environment !== "object" || environment === null) return undefined;
  const { requestIP, remoteAddr } = environment as {
    requestIP?: (this: object, request: Request) => { address: string } | null;
    remoteAddr?: { hostname?: string };
  };
  return requestIP?.call(environment, request)?.address ?? remoteAddr?.hostname;
};
