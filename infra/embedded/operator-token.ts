import { mintToken } from "@cartwright/cart/ops/mint-token";
import type { SigningKey } from "@cartwright/service-kit/token-issuer";

/** For tests of systems that sign by this key: the token of an operator with these scopes. */
export const operatorToken = async (key: SigningKey, scopes: readonly string[]): Promise<string> =>
  (await mintToken({ key, scopes })).token;
