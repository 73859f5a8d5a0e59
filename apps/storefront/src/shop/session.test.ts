import { CartId } from "@cartwright/contracts/ids";
import { describe, expect, test } from "vitest";
import { oneAtATime } from "./one-at-a-time.ts";
import { type SessionOptions, session, type Tokens } from "./session.ts";
import { sessionStore } from "./stored-session.ts";

const cart = (digit: number) => CartId.parse(`00000000-0000-4000-8000-00000000000${digit}`);
const ada = { kind: "user", email: "ada@example.com", token: "t", refreshToken: "r", expiresAt: 0 } as const;

/**
 * A browser whose windows hear of each other's local storage only when it is `quiet`, and a service whose tokens, `guest-1`, `again-2`, are
 * good for ten minutes.
 */
const browser = () => {
  const asked: string[] = [];
  const worthless = new Set<string>();
  const alone = oneAtATime();
  const windows: { hear(value: string): void }[] = [];
  const onTheirWay: (() => void)[] = [];
  let shared: string | undefined;
  let carts = 0;
  let time = 1_000_000;

  const tokens = (kind: string): Tokens => {
    const name = `${kind}-${asked.length}`;
    return { token: name, refreshToken: `refresh ${name}`, expiresAt: new Date(time + 600_000) };
  };
  const auth: SessionOptions["auth"] = {
    guest: async () => {
      asked.push("guest");
      return tokens("guest");
    },
    refresh: async (refreshToken) => {
      asked.push(refreshToken);
      return worthless.has(refreshToken) ? null : tokens("again");
    },
  };
  const openWindow = () => {
    const events = new EventTarget();
    let kept = shared ?? null;
    const own = {
      hear(value: string) {
        kept = value;
        events.dispatchEvent(Object.assign(new Event("storage"), { key: "cartwright.session" }));
      },
    };
    windows.push(own);
    const setItem = (_key: string, value: string) => {
      kept = value;
      for (const other of windows) if (other !== own) onTheirWay.push(() => other.hear(value));
    };
    const put = async (value: string) => {
      shared = value;
    };
    const store = sessionStore({ storage: { getItem: () => kept, setItem }, shared: { get: async () => shared, put }, events });
    return session({ store, auth, alone, newCartId: () => cart(++carts), now: () => time });
  };
  const quiet = () => {
    for (const arrive of onTheirWay.splice(0)) arrive();
  };
  const pass = (ms: number) => {
    time += ms;
  };
  return { openWindow, quiet, pass, asked, worthless };
};

describe("the windows of a browser", () => {
  test("shop with one cart, as one guest, also when both are opened at once", async () => {
    const { openWindow, quiet, asked } = browser();
    const [one, other] = [openWindow(), openWindow()];
    expect(await Promise.all([one.token(), other.token()])).toEqual(["guest-1", "guest-1"]);
    expect(other.getSnapshot()).toEqual(one.getSnapshot());
    quiet();
    expect(other.getSnapshot()).toEqual(one.getSnapshot());
    expect(asked).toEqual(["guest"]);
  });

  test("hear of each other's signing in and out", async () => {
    const { openWindow, quiet } = browser();
    const [one, other] = [openWindow(), openWindow()];
    let told = 0;
    other.subscribe(() => told++);
    await one.change(() => ({ cartId: cart(9), identity: ada, parked: null }));
    quiet();
    expect([other.getSnapshot(), told]).toEqual([{ cartId: cart(9), identity: ada, parked: null }, 1]);
  });

  test("change what is, also when they have not heard of it yet", async () => {
    const { openWindow } = browser();
    const [one, other] = [openWindow(), openWindow()];
    await one.change((current) => ({ ...current, identity: ada }));
    await other.change((current) => ({ ...current, cartId: cart(9) }));
    expect(other.getSnapshot()).toEqual({ cartId: cart(9), identity: ada, parked: null });
  });
});

describe("a token", () => {
  test("is asked for once and renewed before it ends", async () => {
    const { openWindow, pass, asked } = browser();
    const shopping = openWindow();
    await shopping.token();
    pass(500_000);
    expect(await shopping.token()).toBe("guest-1");
    pass(80_000);
    expect(await shopping.token()).toBe("again-2");
    expect(asked).toEqual(["guest", "refresh guest-1"]);
  });

  test("that the service rejects is renewed once for all who met it", async () => {
    const { openWindow, asked } = browser();
    const [one, other] = [openWindow(), openWindow()];
    await one.token();
    await other.token();
    const renewed = await Promise.all([one.token("guest-1"), one.token("guest-1"), other.token("guest-1")]);
    expect(renewed).toEqual(["again-2", "again-2", "again-2"]);
    expect(asked).toEqual(["guest", "refresh guest-1"]);
  });

  test("of a session that has ended is a new guest's, with a cart of its own", async () => {
    const { openWindow, worthless } = browser();
    const shopping = openWindow();
    await shopping.token();
    const before = shopping.getSnapshot().cartId;
    worthless.add("refresh guest-1");
    expect(await shopping.token("guest-1")).toBe("guest-3");
    expect(shopping.getSnapshot().cartId).not.toBe(before);
  });

  test("of a user whose session has ended is the guest's again whose cart was parked", async () => {
    const { openWindow, worthless } = browser();
    const shopping = openWindow();
    await shopping.token();
    const guests = shopping.getSnapshot();
    await shopping.change(({ cartId, identity }) => ({ cartId: cart(9), identity: ada, parked: { cartId, identity } }));
    worthless.add("r");
    expect(await shopping.token()).toMatch(/^again/);
    expect(shopping.getSnapshot()).toMatchObject({ cartId: guests.cartId, identity: { kind: "guest" }, parked: null });
  });

  test("is not made up where the service cannot be reached, and is had once it can", async () => {
    const store = { read: () => null, readShared: async () => null, write: async () => {}, onForeignWrite: () => () => {} };
    let reachable = false;
    const guest = async () => {
      if (!reachable) throw new Error("offline");
      return { token: "t", refreshToken: "r", expiresAt: new Date(Date.now() + 600_000) };
    };
    const shopping = session({ store, auth: { guest, refresh: async () => null }, alone: oneAtATime(), newCartId: () => cart(1) });
    await expect(shopping.token()).rejects.toThrow("offline");
    reachable = true;
    expect(await shopping.token()).toBe("t");
  });
});
