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
  /** Goes on with what this makes of the present one, in all windows. */
  change(edit: (current: StoredSession) => StoredSession): Promise<void>;
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
  const state = observable<StoredSession>(store.read() ?? { cartId: newCartId(), identity: null, parked: null });
  store.onForeignWrite(() => state.set(store.read() ?? state.get()));

  const isGood = (identity: Identity | null, rejected: string | null): identity is Identity =>
    identity !== null && identity.token !== rejected && identity.expiresAt - now() > AHEAD_MS;
  /** Another window may have been here first: what holds in all of them is asked for. */
  const edited = <Next extends StoredSession>(edit: (current: StoredSession) => Next | Promise<Next>): Promise<Next> =>
    alone(async () => {
      const next = await edit((await store.readShared()) ?? state.get());
      await store.write(next);
      state.set(next);
      return next;
    });
  const withGoodToken = (rejected: string | null) => (current: StoredSession) =>
    isGood(current.identity, rejected) ? { ...current, identity: current.identity } : renew(current, { auth, newCartId });

  return {
    subscribe: state.subscribe,
    getSnapshot: state.get,
    token: async (rejected = null) => {
      const { identity } = state.get();
      return isGood(identity, rejected) ? identity.token : (await edited(withGoodToken(rejected))).identity.token;
    },
    change: async (edit) => void (await edited(edit)),
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
