import type { LiveCart } from "@cartwright/client/live-cart";
import type { Settled } from "@cartwright/client/live-cart-state";
import type { CartId, CheckoutId } from "@cartwright/contracts/ids";
import type { Notice } from "@cartwright/contracts/notices";
import type { Refusal } from "@cartwright/contracts/refusals";
import { observable } from "./observable.ts";
import { type Session, userOf } from "./session.ts";
import type { Answer, AuthApi, Credentials, ShopApi } from "./shop-api.ts";
import type { Identity } from "./stored-session.ts";
import { type GuestCart, takeAlong } from "./take-along.ts";

/** The shop as one window shows it. */
export type Shop = {
  subscribe(listener: () => void): () => void;
  getSnapshot(): ShopState;
  /** Signs in and takes the guest's cart along. Rejects where the service cannot be reached. */
  signIn(credentials: Credentials): Promise<Answer<null>>;
  signOut(): Promise<void>;
  /** Gives the present cart up, if it is open, and goes on with an empty one. */
  startNewCart(): Promise<void>;
  /** The shopper thinks better of paying. What hinders it is told as a note. */
  giveUp(checkoutId: CheckoutId): Promise<void>;
  /** Whether anybody has shopped in this browser yet: who has not can have nothing that is theirs. */
  isKnown(): boolean;
  /** Tells when a tap could not be taken, because too many wait already. */
  heed(settled: Promise<Settled>): void;
  /** The shopper has read it. */
  dismiss(id: number): void;
};

export type ShopState = {
  /** Another object for another cart or another shopper. */
  readonly live: LiveCart;
  readonly api: ShopApi;
  /** Null is a guest. */
  readonly email: string | null;
  /** What the shopper is told beside what the cart tells. */
  readonly notes: readonly ShopNote[];
};

export type ShopNote = { readonly id: number } & (
  | { readonly kind: "notice"; readonly notice: Notice }
  /** The guest's cart was not taken along. */
  | { readonly kind: "leftBehind"; readonly refusal: Refusal }
  | { readonly kind: "sessionEnded" }
  | { readonly kind: "queueFull" }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  | { readonly kind: "away" }
);

export type ShopOptions = {
  readonly session: Session;
  readonly auth: AuthApi;
  /** For one shopper; asked again for another one. */
  readonly apiFor: (token: (rejected: string | null) => Promise<string>) => ShopApi;
  readonly newCartId: () => CartId;
};

export const shop = (options: ShopOptions): Shop => {
  const { session, auth, apiFor, newCartId } = options;
  let shown = session.getSnapshot();
  let leaving = false;
  let notes = 0;
  const state = observable(opened(options));

  const tell = (...news: readonly NewNote[]) => {
    const told = news.map((note): ShopNote => ({ ...note, id: ++notes }));
    if (told.length > 0) state.set({ ...state.get(), notes: [...state.get().notes, ...told] });
  };
  session.subscribe(() => {
    const next = session.getSnapshot();
    const before = shown;
    shown = next;
    if (before.cartId === next.cartId && isSameShopper(before.identity, next.identity)) return;
    const { live, api } = state.get();
    state.set({ ...state.get(), ...opened(options), notes: state.get().notes });
    live.close();
    api.close();
    if (before.identity?.kind === "user" && next.identity?.kind !== "user" && !leaving) tell({ kind: "sessionEnded" });
  });

  const signIn = async (credentials: Credentials): Promise<Answer<null>> => {
    // What was tapped is to be in the cart that is taken along.
    await state.get().live.until(({ pending }) => pending === 0, { signal: AbortSignal.timeout(SETTLE_MS) });
    const signedIn = await auth.signIn(credentials);
    if (!signedIn.ok) return signedIn;
    const guest = await guestCart(session, state.get().live);
    const user = apiFor(async () => signedIn.value.token);
    const taken = await takeAlong(user.account, guest).finally(user.close);
    await session.change(({ cartId, identity }) => ({
      cartId: taken.cartId ?? newCartId(),
      identity: userOf(signedIn.value, credentials.email),
      parked: taken.refusal && identity?.kind === "guest" ? { cartId, identity } : null,
    }));
    tell(...taken.notices.map((notice): NewNote => ({ kind: "notice", notice })));
    if (taken.refusal) tell({ kind: "leftBehind", refusal: taken.refusal });
    return { ok: true, value: null };
  };

  return {
    subscribe: state.subscribe,
    getSnapshot: state.get,
    signIn,
    async signOut() {
      const { identity } = session.getSnapshot();
      leaving = true;
      await session.change(({ parked }) => ({ ...(parked ?? { cartId: newCartId(), identity: null }), parked: null }));
      leaving = false;
      // Here it has ended whether the service hears of it or not.
      if (identity) await auth.signOut(identity.refreshToken).catch(() => {});
    },
    async startNewCart() {
      const { live } = state.get();
      if (live.getSnapshot().cart?.status === "Open") await live.cancel();
      await session.change((current) => ({ ...current, cartId: newCartId() }));
    },
    giveUp: async (checkoutId) => tell(...(await hindrancesTo(state.get().api.checkout.cancel(checkoutId)))),
    isKnown: () => session.getSnapshot().identity !== null,
    heed: (settled) => void settled.then(({ outcome }) => outcome === "queueFull" && tell({ kind: "queueFull" })),
    dismiss: (id) => state.set({ ...state.get(), notes: state.get().notes.filter((note) => note.id !== id) }),
  };
};

type NewNote = ShopNote extends infer Note ? (Note extends ShopNote ? Omit<Note, "id"> : never) : never;

const opened = ({ session, apiFor }: ShopOptions): ShopState => {
  const { cartId, identity } = session.getSnapshot();
  const api = apiFor((rejected) => session.token(rejected));
  return { api, live: api.liveCart(cartId), email: identity?.email ?? null, notes: [] };
};

/** What is to be told of something that was asked of the services: nothing where it was done. */
const hindrancesTo = async (asked: Promise<Answer<unknown>>): Promise<readonly NewNote[]> => {
  const answer = await asked.catch(() => null);
  if (answer === null) return [{ kind: "away" }];
  return answer.ok ? [] : [{ kind: "refused", refusal: answer.refusal }];
};

/** A guest stays the same guest when the first token comes. */
const isSameShopper = (before: Identity | null, after: Identity | null): boolean => (before?.email ?? null) === (after?.email ?? null);

/** Null where there is nothing to be taken along. */
const guestCart = async (session: Session, live: LiveCart): Promise<GuestCart | null> => {
  const { cart } = live.getSnapshot();
  if (session.getSnapshot().identity?.kind === "user" || cart?.status !== "Open" || cart.items.length === 0) return null;
  return { cartId: cart.cartId, currency: cart.currency, token: await session.token() };
};

const SETTLE_MS = 10_000;
