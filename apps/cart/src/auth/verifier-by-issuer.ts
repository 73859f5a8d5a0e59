import type { TokenVerifier } from "@cartwright/service-kit/token-verifier";
import { decodeJwt } from "jose";

/** For more than one issuer: a token is verified by the keys of the issuer that it names, and by no other's. */
export const verifierByIssuer = (verifiers: ReadonlyMap<string, TokenVerifier>): TokenVerifier => {
  const all = [...verifiers.values()];
  const [only, ...others] = all;
  // It checks the issuer itself: nothing is to be chosen.
  if (only && others.length === 0) return only;
  return {
    async verify(token) {
      const verifier = verifiers.get(issuerOf(token) ?? "");
      return verifier ? verifier.verify(token) : { ok: false, reason: "invalid" };
    },
    // A principal no longer says whose it was; expiry and revocation are judged alike by all.
    recheck: (principal) => all.map((verifier) => verifier.recheck(principal)).find((fault) => fault !== undefined),
  };
};

/** Not trusted: it chooses the verifier, which then checks it. */
const issuerOf = (token: string): string | undefined => {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
};
