import type { CartId, IdempotencyKey, ProductId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import type { CartCommand, SeenProduct } from "./cart-command.ts";
import { type CartFeed, cartFeed } from "./cart-feed.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type CommandSender, commandSender } from "./command-sender.ts";
import { randomUuid } from "./ids.ts";
import { answered, heard, type LiveCartModel, stateOf, taken, tapped, unknownCart } from "./live-cart-model.ts";
import type { LiveCartService } from "./live-cart-service.ts";
import { initialState, type LiveCartState, type Settled } from "./live-cart-state.ts";
import { type Observed, observed } from "./observed.ts";
import { mayFitAlone, withdrawn } from "./pending-commands.ts";
import { until } from "./until.ts";

/**
 * One cart, always at hand: what the shopper does shows at once, is sent in order, each thing exactly once, and is undone with the
 * reason where the service refuses it. What others do to the cart shows as it happens. Without a connection everything goes on and is
 * made up for later.
 *
 * The functions may be passed on as they are: `useSyncExternalStore(live.subscribe, live.getSnapshot, live.getServerSnapshot)`.
 */
export type LiveCart = {
  readonly cartId: CartId;
  /** Adds to what is there, 1 unless said, and opens the cart where there is none. */
  addItem(item: { productId: ProductId; quantity?: number; product?: SeenProduct }, options?: TapOptions): Promise<Settled>;
  /** Zero removes the line. */
  setQuantity(item: { productId: ProductId; quantity: number }, options?: TapOptions): Promise<Settled>;
  removeItem(item: { productId: ProductId }, options?: TapOptions): Promise<Settled>;
  clear(options?: TapOptions): Promise<Settled>;
  /** Brings back what was removed last. */
  undo(options?: TapOptions): Promise<Settled>;
  cancel(options?: TapOptions): Promise<Settled>;
  /** Follows the cart for as long as anyone has subscribed. @returns what ends the subscription. */
  subscribe(listener: () => void): () => void;
  /** The same object until something has changed. */
  getSnapshot(): LiveCartState;
  getServerSnapshot(): LiveCartState;
  /** Follows the cart until this holds. Rejects with the signal's reason. */
  until(holds: (state: LiveCartState) => boolean, options?: { signal?: AbortSignal }): Promise<LiveCartState>;
  /** The shopper has seen what was told of this tap; without an id, all of it. */
  dismiss(id?: number): void;
  /** Looks for the service again at once, such as when the network is back or the token is another one. */
  reconnect(): void;
  /** For good. What was not sent is withdrawn; what was, is still answered where an answer comes. */
  close(): void;
};

/** Until its command is sent, aborting withdraws it; later it does nothing. */
export type TapOptions = { readonly signal?: AbortSignal };

export type LiveCartOptions = {
  readonly cartId: CartId;
  readonly service: LiveCartService;
  readonly clock?: Clock;
  readonly newKey?: () => IdempotencyKey;
  /** Commands that may wait for the service. */
  readonly maxPending?: number;
  /** How long the cart is still followed once nobody looks: a page may come back to it. */
  readonly lingerMs?: number;
  /** Nobody looks any more and nothing is under way. */
  readonly onIdle?: () => void;
  /** Somebody looks, or something is under way. */
  readonly onActive?: () => void;
};

export type OwnLiveCart = LiveCart & {
  /** The network is away, says whoever knows before it shows. */
  lose(): void;
};

export const liveCart = (options: LiveCartOptions): OwnLiveCart => {
  const { cartId, clock = systemClock } = options;
  const now = () => clock.now().toISOString() as Instant;
  const store: Store = observed(unknownCart, (model) => stateOf(model, { cartId, now: now() }));
  const end = new AbortController();
  const parts: Parts = { ...options, clock, store, settlers: new Map(), ended: end.signal };
  const sender = senderOf(parts);
  const feed = feedOf(parts, sender);
  const tap = tapper(parts, sender);
  const subscribe = follower(parts, feed);
  return {
    cartId,
    addItem: ({ quantity = 1, ...item }, how) => tap({ type: "addItem", quantity, ...item }, how),
    setQuantity: (item, how) => tap({ type: "setQuantity", ...item }, how),
    removeItem: (item, how) => tap({ type: "removeItem", ...item }, how),
    clear: (how) => tap({ type: "clear" }, how),
    undo: (how) => tap({ type: "undo" }, how),
    cancel: (how) => tap({ type: "cancel" }, how),
    subscribe,
    getSnapshot: store.shown,
    getServerSnapshot: () => initialState,
    until: (holds, { signal } = {}) => until({ shown: store.shown, subscribe }, holds, signal),
    dismiss: (id) => store.set({ ...store.get(), told: id === undefined ? [] : store.get().told.filter((it) => it.id !== id) }),
    lose: feed.lose,
    reconnect: () => {
      feed.restart();
      sender.hurry();
    },
    close: () => {
      end.abort();
      feed.stop();
      sender.close();
      for (const id of parts.settlers.keys()) withdraw(parts, id);
    },
  };
};

type Store = Observed<LiveCartModel, LiveCartState>;

type Parts = LiveCartOptions & {
  readonly clock: Clock;
  readonly store: Store;
  /** Who waits for what came of a tap. */
  readonly settlers: Map<number, (settled: Settled) => void>;
  readonly ended: AbortSignal;
};

const senderOf = (parts: Parts): CommandSender => {
  const { cartId, service, clock, store, settlers } = parts;
  return commandSender({
    clock,
    take: () => {
      const next = taken(store.get());
      if (next) store.set(next.model);
      return next?.next;
    },
    run: ({ command, key }) => service.run(command, { cartId, key }),
    onAnswer: (pending, answer) => {
      store.set(answered(store.get(), pending, answer));
      if (answer.outcome === "refused" && mayFitAlone(pending, answer.refusal)) return;
      for (const { id } of pending.taps) settle(settlers, id, answer);
      tellIfIdle(parts);
    },
    onReachable: (reachable) => {
      if (reachable !== store.get().reachable) store.set({ ...store.get(), reachable });
    },
  });
};

const feedOf = ({ cartId, service, clock, store }: Parts, sender: CommandSender): CartFeed =>
  cartFeed({
    cartId,
    service,
    clock,
    onMessage: (message) => {
      const after = heard(store.get(), message);
      if (after) store.set(after);
      return after !== null;
    },
    onState: (feed, refusal) => {
      const model = store.get();
      if (feed === model.feed && refusal === model.refusal) return;
      store.set({ ...model, feed, refusal });
      if (feed === "connected") sender.hurry();
    },
  });

const tapper = (parts: Parts, sender: CommandSender) => {
  const { store, settlers, ended, newKey = randomKey, maxPending = 100 } = parts;
  let taps = 0;
  return (command: CartCommand, { signal }: TapOptions = {}): Promise<Settled> =>
    new Promise((resolve) => {
      if (ended.aborted || signal?.aborted) return resolve({ outcome: "withdrawn" });
      const id = ++taps;
      const after = tapped(store.get(), { id, command }, { key: newKey(), maxPending });
      if (!after) return resolve({ outcome: "queueFull" });
      const onAbort = () => withdraw(parts, id);
      settlers.set(id, (settled) => {
        signal?.removeEventListener("abort", onAbort);
        resolve(settled);
      });
      signal?.addEventListener("abort", onAbort);
      parts.onActive?.();
      store.set(after);
      sender.wake();
    });
};

const withdraw = ({ store, settlers }: Parts, tapId: number): void => {
  const model = store.get();
  const pending = withdrawn(model.pending, tapId);
  if (pending === model.pending) return;
  store.set({ ...model, pending });
  settle(settlers, tapId, { outcome: "withdrawn" });
};

const settle = (settlers: Parts["settlers"], tapId: number, settled: Settled): void => {
  settlers.get(tapId)?.(settled);
  settlers.delete(tapId);
};

const tellIfIdle = ({ store, settlers, onIdle }: Parts): void => {
  if (settlers.size === 0 && store.get().feed === "idle") onIdle?.();
};

const follower = (parts: Parts, feed: CartFeed): LiveCart["subscribe"] => {
  const { clock, store, ended, lingerMs = 1_000 } = parts;
  let followers = 0;
  let leaving = new AbortController();
  const leave = () => {
    leaving = new AbortController();
    const { signal } = leaving;
    void clock.wait(lingerMs, signal).then(() => {
      if (signal.aborted) return;
      feed.stop();
      tellIfIdle(parts);
    });
  };
  return (listener) => {
    const unsubscribe = store.subscribe(listener);
    followers++;
    leaving.abort();
    if (!ended.aborted) {
      parts.onActive?.();
      feed.start();
    }
    let subscribed = true;
    return () => {
      unsubscribe();
      if (subscribed && --followers === 0) leave();
      subscribed = false;
    };
  };
};

const randomKey = () => randomUuid() as IdempotencyKey;
