import { ownTokens } from "@cartwright/service-kit/own-tokens";
import { type IssuedToken, type SigningKey, tokenIssuer } from "@cartwright/service-kit/token-issuer";

export type MintToken = {
  /** The cart service's own. Whoever has it can be anybody. */
  key: SigningKey;
  scopes: readonly string[];
  /** `user-…` and `guest-…` are shoppers; anything else is a program. */
  subject?: string | undefined;
  now?: () => number;
};

/** An access token for operators and trusted back ends: it belongs to no session and can't be refreshed. */
export const mintToken = async ({ key, scopes, subject = "service-operator", now = Date.now }: MintToken): Promise<IssuedToken> => {
  const issuer = await tokenIssuer({ keys: [key], ...ownTokens, now });
  return issuer.issue({ subject, kind: kindOf(subject), scopes });
};

const kindOf = (subject: string) => {
  if (subject.startsWith("user-")) return "user";
  return subject.startsWith("guest-") ? "guest" : "service";
};
