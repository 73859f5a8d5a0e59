import type { Benchmark } from "./benchmark.ts";
import { measureLive } from "./live-load.ts";
import { newGuest, openShop, productIds } from "./open-shop.ts";

type Live = { name: string; unit: string; carts: number; inFlight: number; followed: boolean };

/** One shopper's carts, so that it is the followers that cost and not the tokens. */
const live = ({ name, unit, carts, ...how }: Live): Benchmark => ({
  name,
  unit,
  run: async ({ database, time }) => {
    await using shop = await openShop(await database());
    const { authorization } = await newGuest(shop.origin);
    const cartIds = Array.from({ length: carts }, () => crypto.randomUUID());
    const restingBytes = { prepared: 0, following: 0 };
    const measurement = await measureLive(
      { origin: shop.origin, authorization, cartIds, productIds, ...how },
      {
        time,
        // The service is in this process, and its clients are not.
        onStage(stage) {
          Bun.gc(true);
          restingBytes[stage] = process.memoryUsage.rss();
        },
      },
    );
    if (!how.followed || carts === 1) return measurement;
    const eachKiB = (restingBytes.following - restingBytes.prepared) / carts / 1024;
    return { ...measurement, remark: `${eachKiB.toFixed(1)} KiB a subscriber` };
  },
});

export const liveBenchmarks: readonly Benchmark[] = [
  live({ name: "add item over one WebSocket, 32 at once", unit: "commands", carts: 32, inFlight: 32, followed: false }),
  live({ name: "command acknowledged to live subscriber, 1 subscriber", unit: "changes", carts: 1, inFlight: 1, followed: true }),
  live({ name: "command acknowledged to live subscriber, 2,000 subscribers", unit: "changes", carts: 2_000, inFlight: 8, followed: true }),
];
