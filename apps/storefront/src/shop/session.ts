import type { CartId } from "@cartwright/contracts/ids";
import { observable } from "./observable.ts";
import type { Identity, SessionStore, StoredSession } from "./stored-session.ts";

/** Who shops with which cart: the same in all windows of a browser. */
export type Session = {
  subscribe(listener: () => void): () => void;
  getSnapshot(): StoredSession;
  /**
   * A token that is good; a first one makes a guest. Whoever's session has ended is a new guest with another cart. Rejects where the
   * service cannot be reached.
   * @param rejected a token that the service accepts no more.
   */
  token(rejected?: string | null): Promise<string>;
  write(session: StoredSession): void;
};

export type Tokens = { readonly token: string; readonly refreshToken: string; readonly expiresAt: Date };

export type SessionOptions = {
  readonly store: SessionStore;
  readonly auth: {
    guest(): Promise<Tokens>;
    /** Null where the refresh token is worth nothing any more. */
    refresh(refreshToken: string): Promise<Tokens | null>;
  };
  /** Does one thing at a time, in all windows. */
  readonly alone: <Result>(work: () => Promise<Result>) => Promise<Result>;
  readonly newCartId: () => CartId;
  readonly now?: () => number;
};

export const session = ({ store, auth, alone, newCartId, now = Date.now }: SessionOptions): Session => {
  const kept = store.read();
  const state = observable(kept ?? { cartId: newCartId(), identity: null, parked: null });
  if (!kept) store.write(state.get());
  store.onForeignWrite(() => state.set(store.read() ?? state.get()));
  const write = (next: StoredSession) => {
    store.write(next);
    state.set(next);
  };
  const isGood = (identity: Identity | null, rejected: string | null): identity is Identity =>
    identity !== null && identity.token !== rejected && identity.expiresAt - now() > AHEAD_MS;

  const renewed = async (rejected: string | null): Promise<string> => {
    // Another window may have been here first.
    const current = store.read() ?? state.get();
    const next = isGood(current.identity, rejected)
      ? { ...current, identity: current.identity }
      : await renew(current, { auth, newCartId });
    write(next);
    return next.identity.token;
  };
  return {
    subscribe: state.subscribe,
    getSnapshot: state.get,
    write,
    token: async (rejected = null) => {
      const { identity } = state.get();
      return isGood(identity, rejected) ? identity.token : alone(() => renewed(rejected));
    },
  };
};

const renew = async (
  { identity, parked, cartId }: StoredSession,
  { auth, newCartId }: Pick<SessionOptions, "auth" | "newCartId">,
): Promise<StoredSession & { readonly identity: Identity }> => {
  if (identity === null) return { cartId, identity: guestOf(await auth.guest()), parked };
  const tokens = await auth.refresh(identity.refreshToken);
  if (tokens) return { cartId, identity: { ...identity, ...keptOf(tokens) }, parked };
  // The cart is its owner's, who is nobody here any more.
  return parked
    ? renew({ ...parked, parked: null }, { auth, newCartId })
    : renew({ cartId: newCartId(), identity: null, parked }, { auth, newCartId });
};

export const guestOf = (tokens: Tokens): Identity => ({ kind: "guest", email: null, ...keptOf(tokens) });

export const userOf = (tokens: Tokens, email: string): Identity => ({ kind: "user", email, ...keptOf(tokens) });

const keptOf = ({ token, refreshToken, expiresAt }: Tokens) => ({ token, refreshToken, expiresAt: expiresAt.getTime() });

/** A token is renewed so long before it ends. */
const AHEAD_MS = 30_000;
