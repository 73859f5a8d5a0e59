/** On whose behalf a call is made, as a verified access token says. */
export type Principal = {
  /** Whose carts, orders and accounts these are: the token's `sub`. */
  readonly subject: string;
  readonly kind: PrincipalKind;
  /** What the token allows beyond the subject's own things, such as `catalog:write` or `service:billing`. */
  readonly scopes: ReadonlySet<string>;
  /** The sign-in that the token stems from; it can be revoked before the token expires. */
  readonly sessionId?: string;
  readonly expiresAt: Date;
  readonly tokenId: string;
};

/** A shopper without an account, one with an account, or a program. */
export type PrincipalKind = "guest" | "user" | "service";
