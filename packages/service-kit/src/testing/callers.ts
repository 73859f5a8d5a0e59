import { createLocalJWKSet } from "jose";
import superjson from "superjson";
import { generateSigningKey, tokenIssuer } from "../token-issuer.ts";
import { type TokenVerifier, tokenVerifier } from "../token-verifier.ts";

type App = { request(url: string, init?: object): Response | Promise<Response> };

export type Callers = {
  /** What the app is to check tokens with. */
  readonly verifier: TokenVerifier;
  /** A service that may do this. */
  token(scopes: readonly string[]): Promise<string>;
  /** For an `httpBatchLink` to this app, for somebody who has the scopes, or for somebody without a token. */
  linkOptions(app: App, scopes?: readonly string[]): Promise<LinkOptions>;
};

type LinkOptions = {
  readonly url: string;
  readonly transformer: typeof superjson;
  readonly fetch: (url: URL | RequestInfo, init?: object) => Promise<Response>;
  readonly headers: Readonly<Record<string, string>>;
};

/** Whoever a test wants to call an app as. */
export const callers = async (): Promise<Callers> => {
  const ours = { issuer: "cartwright", audience: "cartwright" };
  const issuer = await tokenIssuer({ keys: [await generateSigningKey()], ...ours });
  const token = async (scopes: readonly string[]) => (await issuer.issue({ subject: "somebody", kind: "service", scopes })).token;
  return {
    verifier: tokenVerifier({ keys: createLocalJWKSet(issuer.jwks), ...ours }),
    token,
    linkOptions: async (app, scopes) => ({
      url: "http://service/trpc",
      transformer: superjson,
      fetch: async (url, init) => app.request(String(url), init),
      headers: scopes ? { authorization: `Bearer ${await token(scopes)}` } : {},
    }),
  };
};
