import { expect, test } from "vitest";
import { newCartId } from "./ids.ts";
import type { FollowObserver, LiveCartService } from "./live-cart-service.ts";
import { liveCarts } from "./live-carts.ts";
import { cartId } from "./spec.ts";

const service = () => {
  const followed: { cartId: string; on: FollowObserver; stopped: boolean }[] = [];
  const answering: LiveCartService = {
    follow: ({ cartId }, on) => {
      const following = { cartId, on, stopped: false };
      followed.push(following);
      on.message({ kind: "snapshot", version: 0, snapshot: null }, "0");
      return () => {
        following.stopped = true;
      };
    },
    run: async () => ({ outcome: "accepted", version: 1, notices: [] }),
  };
  return { followed, lives: liveCarts(answering) };
};

test("a cart is one live cart while it is in use, and another one later", async () => {
  const { lives } = service();
  const live = lives.of(cartId);
  expect(lives.of(cartId)).toBe(live);
  await live.undo();
  expect(lives.of(cartId)).not.toBe(live);
});

test("a network that goes and comes back is told to all that are in use, also to one that was kept and is used again", async () => {
  const { followed, lives } = service();
  const [one, other] = [lives.of(cartId), lives.of(newCartId())];
  await one.undo();
  one.subscribe(() => {});
  other.subscribe(() => {});
  lives.lose();
  expect([one.getSnapshot().status, other.getSnapshot().status]).toEqual(["offline", "offline"]);
  lives.reconnect();
  expect([one.getSnapshot().status, other.getSnapshot().status]).toEqual(["live", "live"]);
  lives.close();
  expect(followed.map(({ stopped }) => stopped)).toEqual([true, true, true, true]);
});
