import type { IdempotencyKey } from "@cartwright/contracts/ids";
import fc, { type Scheduler } from "fast-check";
import { describe, expect, test } from "vitest";
import type { CartCommand } from "./cart-command.ts";
import type { Clock } from "./clock.ts";
import { type LiveCart, liveCart } from "./live-cart.ts";
import type { LiveCartService } from "./live-cart-service.ts";
import { type Settled, viewed } from "./live-cart-state.ts";
import { cartId, now, productId, type ServiceInMemory, seen, serviceInMemory } from "./spec.ts";

/** What the network does to one thing that it is given to carry. */
type Fault = "none" | "requestLost" | "answerLost" | "sentTwice" | "cut" | "messageLost" | "messageTwice";

/** Carries everything to the service and back whenever the scheduler pleases, and treats it as badly as the faults say; then well. */
const network = (service: ServiceInMemory, scheduler: Scheduler, faults: Fault[]): LiveCartService => {
  const travel = () => scheduler.schedule(Promise.resolve());
  const fault = () => faults.shift() ?? "none";
  return {
    run: async (command, request) => {
      const now = fault();
      await travel();
      if (now === "requestLost") return { outcome: "unreachable" };
      // The other one may come at any time, also long after the answer.
      if (now === "sentTwice") void travel().then(() => service.run(command, request));
      const answer = await service.run(command, request);
      await travel();
      return now === "answerLost" ? { outcome: "unreachable" } : answer;
    },
    follow: (request, on) => {
      let open = true;
      let queue = Promise.resolve();
      // One connection keeps the order of what it carries.
      const inOrder = (deliver: () => void) => {
        queue = queue.then(travel).then(() => (open ? deliver() : undefined));
      };
      const cut = () => {
        open = false;
        stop();
        on.connection("lost");
        on.ended(null);
      };
      const stop = service.follow(request, {
        message: (message, id) => {
          const now = fault();
          // So what comes next shows a gap, or the connection is found dead.
          if (now === "messageLost")
            return void travel()
              .then(travel)
              .then(travel)
              .then(() => (open ? cut() : undefined));
          inOrder(() => (now === "cut" ? cut() : on.message(message, id)));
          if (now === "messageTwice") inOrder(() => on.message(message, id));
        },
        connection: (state) => inOrder(() => on.connection(state)),
        ended: (refusal) => inOrder(() => on.ended(refusal)),
      });
      return () => {
        open = false;
        stop();
      };
    },
  };
};

const clockOf = (scheduler: Scheduler): Clock => ({
  now: () => new Date(now),
  wait: () => scheduler.schedule(Promise.resolve()),
});

const products = ["shoes", "hat", "scarf"];
const product = fc.constantFrom(...products, "unknown").map(productId);
const quantity = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom(4_000, 9_999) },
);
const command: fc.Arbitrary<CartCommand> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .record({ productId: product, quantity, price: fc.constantFrom(null, null, 1_000, 1_000, 1_000, 900) })
      .map(({ price, ...item }) => ({
        type: "addItem" as const,
        ...item,
        ...(price !== null && { product: seen(item.productId, price) }),
      })),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("setQuantity" as const), productId: product, quantity: fc.nat({ max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("removeItem" as const), productId: product }) },
  { weight: 1, arbitrary: fc.constant({ type: "clear" as const }) },
  { weight: 2, arbitrary: fc.constant({ type: "undo" as const }) },
);
const faults = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constant<Fault>("none") },
    { weight: 4, arbitrary: fc.constantFrom<Fault[]>("requestLost", "answerLost", "sentTwice", "cut", "messageLost", "messageTwice") },
  ),
  { maxLength: 40 },
);

const give = (live: LiveCart, command: CartCommand, options: { signal?: AbortSignal } = {}): Promise<Settled> => {
  switch (command.type) {
    case "addItem":
      return live.addItem(command, options);
    case "setQuantity":
      return live.setQuantity(command, options);
    case "removeItem":
      return live.removeItem(command, options);
    case "clear":
      return live.clear(options);
    case "undo":
      return live.undo(options);
    case "cancel":
      return live.cancel(options);
  }
};

/** Until nothing is under way any more. The log in memory has promises of its own, which the scheduler does not see. */
const rest = async (scheduler: Scheduler) => {
  do {
    await scheduler.waitIdle();
    await new Promise((resolve) => setTimeout(resolve));
  } while (scheduler.count() > 0);
};

const liveOver = (service: LiveCartService, scheduler: Scheduler, client = 0): LiveCart => {
  let keys = 0;
  const live = liveCart({ cartId, service, clock: clockOf(scheduler), newKey: () => `${client}-${++keys}` as IdempotencyKey });
  live.subscribe(() => live.getSnapshot());
  return live;
};

const numRuns = 200;

describe("two live carts of one cart, on a network that loses, repeats and reorders", () => {
  const act = fc.record({ client: fc.nat({ max: 1 }), command, withdraw: fc.nat({ max: 9 }) });

  test("come to what the service has, and what was acknowledged is there once", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(act, { maxLength: 25 }), faults, async (scheduler, acts, misfortunes) => {
        const service = serviceInMemory(products);
        const onBadNetwork = network(service, scheduler, [...misfortunes]);
        const lives = [0, 1].map((client) => liveOver(onBadNetwork, scheduler, client));
        const done: { command: CartCommand; settled: Settled }[] = [];
        for (const { client, command, withdraw } of acts) {
          const abort = new AbortController();
          void scheduler.schedule(Promise.resolve()).then(async () => {
            const live = lives[client];
            if (live) done.push({ command, settled: await give(live, command, { signal: abort.signal }) });
          });
          if (withdraw === 0) void scheduler.schedule(Promise.resolve()).then(() => abort.abort());
        }
        await rest(scheduler);

        const { cart, version } = await service.load(cartId);
        for (const live of lives) {
          const { told: _, ...state } = live.getSnapshot();
          expect(state).toEqual({ status: "live", cart: viewed(cart, version), loaded: true, version, pending: 0, refusal: null });
        }
        expect(done).toHaveLength(acts.length);
        const added = (await service.events(cartId)).flatMap((event) => (event.type === "ItemAddedToCart" ? [event.data] : []));
        const accepted = done.flatMap(({ command, settled }) =>
          settled.outcome === "accepted" && command.type === "addItem" ? [command] : [],
        );
        expect(piecesOf(added)).toEqual(piecesOf(accepted));
      }),
      { numRuns },
    );
  });

  test("never show a piece twice, nor take one back that nobody removed", async () => {
    const adds = fc.array(fc.record({ client: fc.nat({ max: 1 }), name: fc.constantFrom(...products) }), { maxLength: 25 });
    const losses = fc.array(fc.constantFrom<Fault[]>("none", "none", "requestLost", "answerLost", "sentTwice"), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), adds, losses, async (scheduler, adds, losses) => {
        const onBadNetwork = network(serviceInMemory(products), scheduler, [...losses]);
        const lives = [0, 1].map((client) => liveOver(onBadNetwork, scheduler, client));
        const shown = lives.map((live) => {
          const counts: number[] = [];
          live.subscribe(() => counts.push(live.getSnapshot().cart?.totals.itemCount ?? 0));
          return counts;
        });
        await rest(scheduler);
        for (const { client, name } of adds)
          void scheduler
            .schedule(Promise.resolve())
            .then(() => lives[client]?.addItem({ productId: productId(name), product: seen(name) }));
        await rest(scheduler);
        for (const counts of shown) expect(counts).toEqual(counts.toSorted((left, right) => left - right));
        for (const live of lives) expect(live.getSnapshot().cart?.totals.itemCount ?? 0).toBe(adds.length);
      }),
      { numRuns },
    );
  });
});

test("what is merged on its way comes to the same as one thing after the other", async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.array(command, { maxLength: 25 }), async (scheduler, given) => {
      const commands = given.filter((it) => it.type !== "addItem" || it.product || it.productId === "unknown");
      const service = serviceInMemory(products);
      const live = liveOver(network(service, scheduler, []), scheduler);
      void scheduler.schedule(Promise.resolve()).then(() => commands.map((it) => give(live, it)));
      await rest(scheduler);

      const oneByOne = serviceInMemory(products);
      for (const [index, it] of commands.entries()) await oneByOne.run(it, { cartId, key: `${index}` as IdempotencyKey });
      const [merged, expected] = [await service.load(cartId), await oneByOne.load(cartId)].map(({ cart }) => viewed(cart, 1));
      expect(merged).toEqual(expected as typeof merged);
    }),
    { numRuns },
  );
});

const piecesOf = (items: readonly { productId: string; quantity: number }[]): Record<string, number> => {
  const pieces: Record<string, number> = {};
  for (const { productId, quantity } of items) pieces[productId] = (pieces[productId] ?? 0) + quantity;
  return pieces;
};
