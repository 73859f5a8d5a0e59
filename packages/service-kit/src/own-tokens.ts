import { createRemoteJWKSet } from "jose";
import { type TokenVerifier, tokenVerifier } from "./token-verifier.ts";

/** What the tokens that this platform issues itself say of their issuer and of whom they are for. */
export const ownTokens = { issuer: "cartwright", audience: "cartwright" } as const;

/** Takes the tokens of the cart service at this address, whose keys are fetched when the first comes. */
export const ownTokenVerifier = (cartUrl: string): TokenVerifier =>
  tokenVerifier({ keys: createRemoteJWKSet(new URL("/.well-known/jwks.json", cartUrl)), ...ownTokens });
