/** The clients of `measureLive`, which it talks to over the channel that Bun opens between a process and its child. */
import type { LiveLoad, LiveLoadMessage } from "./live-load.ts";
import { type MeasuredTime, startRecorder } from "./measurement.ts";
import { openTrpcSocket, type TrpcSocket } from "./trpc-socket.ts";

/** What has not come by then never does. */
const patienceMs = 5_000;
/** Sockets that are opened at the same time: a shop's shoppers don't come all at once. */
const openingAtOnce = 50;

const main = async (): Promise<void> => {
  // The parent of this process sends nothing else first.
  const { load, time } = (await received()) as { load: LiveLoad; time: MeasuredTime };
  const sender = await openTrpcSocket(load);
  await inTurns(load.cartIds, load.inFlight, (cartId) => addItem(sender, { load, cartId, turn: 0 }));
  await reach("prepared");
  const followers = new Map<string, Follower>();
  if (load.followed) {
    await inTurns(load.cartIds, openingAtOnce, async (cartId) => void followers.set(cartId, await follow(load, cartId)));
  }
  await reach("following");
  await tell({ measurement: await run({ load, time, sender, followers }) });
  process.exit();
};

type Running = { load: LiveLoad; time: MeasuredTime; sender: TrpcSocket; followers: ReadonlyMap<string, Follower> };

const run = async ({ load, time, sender, followers }: Running) => {
  const recorder = startRecorder(time);
  const addInTurn = async (slot: number): Promise<void> => {
    const cartIds = load.cartIds.filter((_, index) => index % load.inFlight === slot);
    for (let turn = 0; !recorder.isOver(); turn++) {
      const cartId = cartIds[turn % cartIds.length] ?? "";
      try {
        const sentAt = performance.now();
        const version = await addItem(sender, { load, cartId, turn: Math.floor(turn / cartIds.length) });
        const answeredAt = performance.now();
        const follower = followers.get(cartId);
        if (follower) recorder.succeeded(answeredAt, Math.max(answeredAt, await follower.toldOf(version)));
        else recorder.succeeded(sentAt, answeredAt);
      } catch (error) {
        recorder.failed(String(error));
        await Bun.sleep(10);
      }
    }
  };
  const tooLate = Bun.sleep(time.warmUpMs + time.durationMs + patienceMs).then(() => recorder.failed(`nothing came in ${patienceMs} ms`));
  await Promise.race([Promise.all(Array.from({ length: load.inFlight }, (_, slot) => addInTurn(slot))), tooLate]);
  return recorder.measurement();
};

/** Answers the version that the cart has then. */
const addItem = async (sender: TrpcSocket, { load, cartId, turn }: { load: LiveLoad; cartId: string; turn: number }): Promise<number> => {
  const productId = load.productIds[turn % load.productIds.length];
  const answer = await sender.mutate("cart.addItem", { cartId, productId, quantity: 1 });
  // The service's own types say so.
  return (answer as { version: number }).version;
};

type Follower = {
  /** When it was told of this version, in `performance.now()`. */
  toldOf: (version: number) => Promise<number>;
};

const follow = async (load: LiveLoad, cartId: string): Promise<Follower> => {
  const socket = await openTrpcSocket(load);
  const snapshot = Promise.withResolvers<void>();
  let told = { version: 0, at: 0 };
  let waiting: { version: number; resolve: (at: number) => void } | undefined;
  const onMessage = (id: string): void => {
    told = { version: Number(id), at: performance.now() };
    snapshot.resolve();
    if (waiting && waiting.version <= told.version) waiting.resolve(told.at);
  };
  await socket.subscribe("cart.live", { cartId }, onMessage);
  await snapshot.promise;
  return {
    toldOf: async (version) => {
      if (told.version >= version) return told.at;
      const { promise, resolve } = Promise.withResolvers<number>();
      waiting = { version, resolve };
      return promise;
    },
  };
};

const inTurns = async <Item>(items: readonly Item[], atOnce: number, work: (item: Item) => Promise<unknown>): Promise<void> => {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
};

const reach = async (stage: "prepared" | "following"): Promise<void> => {
  const goOn = received();
  await tell({ stage });
  await goOn;
};

const received = (): Promise<unknown> => new Promise((resolve) => process.once("message", resolve));

const tell = (message: LiveLoadMessage): Promise<void> =>
  new Promise((resolve, reject) => process.send?.(message, undefined, undefined, (error) => (error ? reject(error) : resolve())));

await main();
