import { RefreshInput } from "../procedures/auth-refresh.ts";
import { SignInInput } from "../procedures/auth-sign-in.ts";
import { TokensBody } from "./replies.ts";
import { restUnwrap } from "./rest-refusal.ts";
import { type Route, route } from "./route.ts";

const common = { method: "post", access: "public", tag: "Tokens" } as const;
const tokens = { 200: { description: "An access token and what renews it", schema: TokensBody } };

const guest = route(
  { ...common, id: "guestToken", path: "/api/auth/guest", summary: "A token for a new guest", answers: tokens, refusals: [] },
  async ({ c, ctx }) => c.json(await ctx.services.auth.guest(), 200),
);

const signIn = route(
  {
    ...common,
    id: "signIn",
    path: "/api/auth/sign-in",
    summary: "Sign in",
    body: {
      schema: SignInInput,
      examples: { demonstration: { summary: "A demonstration account", value: { email: "ada@example.com", password: "…" } } },
    },
    answers: tokens,
    refusals: ["InvalidCredentials", "TooManyAttempts"],
  },
  async ({ c, ctx, body }) => c.json(restUnwrap(await ctx.services.auth.signIn(body)), 200),
);

const refresh = route(
  {
    ...common,
    id: "refreshToken",
    path: "/api/auth/refresh",
    summary: "Renew an access token",
    description: "A refresh token is good for once; one that comes back late ends its session.",
    body: { schema: RefreshInput },
    answers: tokens,
    refusals: ["TokenInvalid"],
  },
  async ({ c, ctx, body }) => c.json(restUnwrap(await ctx.services.auth.refresh(body)), 200),
);

const signOut = route(
  {
    ...common,
    id: "signOut",
    path: "/api/auth/sign-out",
    summary: "Sign out",
    body: { schema: RefreshInput },
    answers: { 204: { description: "The session has ended" } },
    refusals: [],
  },
  async ({ c, ctx, body }) => {
    await ctx.services.auth.signOut(body);
    return c.body(null, 204);
  },
);

export const authRoutes: readonly Route[] = [guest, signIn, refresh, signOut];
