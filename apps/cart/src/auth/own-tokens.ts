/** What the tokens that this platform issues itself say of their issuer and of whom they are for. */
export const ownTokens = { issuer: "cartwright", audience: "cartwright" } as const;
