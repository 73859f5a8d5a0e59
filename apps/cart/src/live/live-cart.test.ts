import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { supportScope } from "../carts/access.ts";
import { aCaller, aCartId, liveUnderTest } from "./spec.ts";

const ada = aCaller("user-ada");
const grace = aCaller("user-grace");
const support = aCaller("user-support", supportScope);

describe("whoever follows a cart", () => {
  test("is given it at once, and then each change with who did it, when, and in which request", async () => {
    await using carts = await liveUnderTest();
    const cartId = aCartId();
    await carts.open(cartId);
    await carts.change(cartId);
    await using follower = await carts.follow(ada, { cartId });
    await follower.has(1);
    await carts.change(cartId);
    await follower.has(2);
    expect(follower.messages).toMatchObject([
      { kind: "snapshot", version: 2, snapshot: { cartId, owner: "user-ada", lines: [{ productId: "mouse", quantity: 1 }] } },
      {
        kind: "change",
        version: 3,
        position: 3n,
        event: { type: "ItemAddedToCart", data: { productId: "mouse", quantity: 1 } },
        schemaVersion: 2,
        at: expect.any(Date),
        actor: { subject: "user-ada", kind: "user" },
        correlationId: "a-command",
      },
    ]);
  });

  test("and comes back with a version is told what happened since, and nothing twice", async () => {
    await using carts = await liveUnderTest();
    const cartId = aCartId();
    await carts.open(cartId);
    await carts.change(cartId, 4);
    await using follower = await carts.follow(ada, { cartId, lastEventId: "3" });
    await carts.change(cartId);
    await follower.has(3);
    expect(follower.told()).toEqual(["change 4", "change 5", "change 6"]);
  });

  test("and comes back with the newest version is told nothing until something happens", async () => {
    await using carts = await liveUnderTest();
    const cartId = aCartId();
    await carts.open(cartId);
    await using follower = await carts.follow(ada, { cartId, lastEventId: "1" });
    expect(follower.told()).toEqual([]);
    await carts.change(cartId);
    await follower.has(1);
    expect(follower.told()).toEqual(["change 2"]);
  });

  test.each(["2", "-1", "0.5", "0x1", "01", "nonsense", ""])(
    "and comes with '%s', which was never a version, is given the cart",
    async (lastEventId) => {
      await using carts = await liveUnderTest();
      const cartId = aCartId();
      await carts.open(cartId);
      await using follower = await carts.follow(ada, { cartId, lastEventId });
      await follower.has(1);
      expect(follower.told()).toEqual(["snapshot 1"]);
    },
  );

  test("hears of no other cart", async () => {
    await using carts = await liveUnderTest();
    const [followed, other] = [aCartId(), aCartId()];
    await carts.open(followed);
    await carts.open(other);
    await using follower = await carts.follow(ada, { cartId: followed });
    await carts.change(other);
    await carts.change(followed);
    await follower.has(2);
    expect(follower.told()).toEqual(["snapshot 1", "change 2"]);
  });

  test("is told by an error when the service stops, and is to come again", async () => {
    await using carts = await liveUnderTest();
    const answer = await carts.live(ada, { cartId: aCartId() }, new AbortController().signal);
    const messages = answer.ok ? answer.value[Symbol.asyncIterator]() : undefined;
    await messages?.next();
    const next = messages?.next();
    carts.hub.stop();
    await expect(next).rejects.toThrow("the service stops");
  });
});

test("whoever is refused, or asks while the log is away, is not subscribed, and whoever goes no longer", async () => {
  let away = false;
  await using carts = await liveUnderTest({ afterRead: async () => (away ? Promise.reject(new Error("away")) : undefined) });
  const cartId = aCartId();
  await carts.open(cartId);
  await expect(carts.follow(support, { cartId })).rejects.toThrow("ReasonMissing");
  away = true;
  await expect(carts.follow(ada, { cartId })).rejects.toThrow("away");
  away = false;
  expect(carts.subscribers()).toBe(0);
  const follower = await carts.follow(ada, { cartId });
  expect(carts.subscribers()).toBe(1);
  await follower[Symbol.asyncDispose]();
  expect(carts.subscribers()).toBe(0);
});

test("what happens while the log is read is neither missed nor told twice", async () => {
  const reading = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const afterRead = () => {
    reading.resolve();
    return goOn.promise;
  };
  await using carts = await liveUnderTest({ afterRead });
  const cartId = aCartId();
  await carts.open(cartId);
  const following = carts.follow(ada, { cartId });
  await reading.promise;
  await carts.change(cartId, 2);
  goOn.resolve();
  await using follower = await following;
  await follower.has(3);
  expect(follower.told()).toEqual(["snapshot 1", "change 2", "change 3"]);
});

test("whoever is slow, or breaks off and comes again, is told every version once and in order", async () => {
  const step = fc.oneof(
    fc.record({ append: fc.integer({ min: 1, max: 7 }) }),
    fc.record({ read: fc.integer({ min: 1, max: 5 }) }),
    fc.constant("reconnect" as const),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      await using carts = await liveUnderTest({ queueLimit: 3 });
      const cartId = aCartId();
      await carts.open(cartId);
      const told: number[] = [];
      let appended = 1;
      const connect = async () => {
        const leaving = new AbortController();
        const answer = await carts.live(ada, { cartId, lastEventId: String(told.at(-1) ?? 0) }, leaving.signal);
        if (!answer.ok) throw new Error(answer.refusal.code);
        return { leaving, messages: answer.value[Symbol.asyncIterator]() };
      };
      let { leaving, messages } = await connect();
      const read = async (count: number) => {
        for (let index = 0; index < count && told.length < appended; index += 1) told.push((await messages.next()).value?.version ?? -1);
      };
      for (const step of steps) {
        if (step === "reconnect") {
          leaving.abort();
          ({ leaving, messages } = await connect());
        } else if ("append" in step) {
          await carts.change(cartId, step.append);
          appended += step.append;
        } else await read(step.read);
      }
      await read(appended);
      expect(told).toEqual(Array.from({ length: appended }, (_, index) => index + 1));
    }),
    { numRuns: 200 },
  );
});

describe("a cart that is not there", () => {
  test("is nothing, until its follower opens it", async () => {
    await using carts = await liveUnderTest();
    const cartId = aCartId();
    await using follower = await carts.follow(ada, { cartId });
    await follower.has(1);
    await carts.open(cartId);
    await carts.change(cartId);
    await follower.has(3);
    expect(follower.messages[0]).toEqual({ kind: "snapshot", version: 0, snapshot: null });
    expect(follower.told()).toEqual(["snapshot 0", "change 1", "change 2"]);
  });

  test("stays nothing when it is somebody else who opens it", async () => {
    await using carts = await liveUnderTest();
    const cartId = aCartId();
    const follower = await carts.follow(ada, { cartId });
    await using witness = await carts.follow(grace, { cartId });
    await carts.open(cartId, "user-grace");
    await carts.change(cartId);
    await witness.has(3);
    await follower[Symbol.asyncDispose]();
    expect(follower.told()).toEqual(["snapshot 0"]);
  });
});

describe("somebody else's cart", () => {
  test.each([undefined, "0", "1", "9"])("is answered as one that is not there, to one who last saw %s", async (lastEventId) => {
    await using carts = await liveUnderTest();
    const [foreign, missing] = [aCartId(), aCartId()];
    await carts.open(foreign, "user-grace");
    const known = lastEventId === undefined ? {} : { lastEventId };
    const ofForeign = await carts.follow(ada, { cartId: foreign, ...known });
    const ofMissing = await carts.follow(ada, { cartId: missing, ...known });
    await using witness = await carts.follow(grace, { cartId: foreign });
    await carts.change(foreign);
    await witness.has(2);
    await Promise.all([ofForeign[Symbol.asyncDispose](), ofMissing[Symbol.asyncDispose]()]);
    expect(ofForeign.messages).toEqual(ofMissing.messages);
  });

  test("is followed by support with a reason, which is written down", async () => {
    await using carts = await liveUnderTest();
    const cartId = aCartId();
    await carts.open(cartId);
    await expect(carts.follow(support, { cartId })).rejects.toThrow("ReasonMissing");
    await using follower = await carts.follow(support, { cartId, reason: "ticket 7" });
    await carts.change(cartId);
    await follower.has(2);
    expect(follower.told()).toEqual(["snapshot 1", "change 2"]);
    expect(carts.supportReads).toMatchObject([{ cartId, actor: "user-support", reason: "ticket 7", question: "live" }]);
  });

  test("is followed by support from before it was opened, and that is written down once it is", async () => {
    await using carts = await liveUnderTest();
    const cartId = aCartId();
    await using follower = await carts.follow(support, { cartId, reason: "ticket 7" });
    expect(carts.supportReads).toEqual([]);
    await carts.open(cartId);
    await follower.has(2);
    expect(carts.supportReads).toHaveLength(1);
  });
});
