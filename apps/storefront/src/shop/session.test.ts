import { CartId } from "@cartwright/contracts/ids";
import { describe, expect, test } from "vitest";
import { oneAtATime } from "./one-at-a-time.ts";
import { type SessionOptions, session, type Tokens } from "./session.ts";
import { type StoredSession, sessionStore } from "./stored-session.ts";

/** A browser whose windows share what they keep, and a service that gives tokens `guest-1`, `again-2` … good for ten minutes. */
const browser = () => {
  const kept = new Map<string, string>();
  const windows: EventTarget[] = [];
  const asked: string[] = [];
  const worthless = new Set<string>();
  const alone = oneAtATime();
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
    windows.push(events);
    const setItem = (key: string, value: string) => {
      kept.set(key, value);
      for (const other of windows) if (other !== events) other.dispatchEvent(Object.assign(new Event("storage"), { key }));
    };
    const store = sessionStore({ storage: { getItem: (key) => kept.get(key) ?? null, setItem }, events });
    const newCartId = () => CartId.parse(`00000000-0000-4000-8000-00000000000${++carts}`);
    return session({ store, auth, alone, newCartId, now: () => time });
  };
  const pass = (ms: number) => {
    time += ms;
  };
  return { openWindow, pass, asked, worthless };
};

describe("the windows of a browser", () => {
  test("shop with one cart, as one guest, also when both are opened at once", async () => {
    const { openWindow, asked } = browser();
    const [one, other] = [openWindow(), openWindow()];
    expect(await Promise.all([one.token(), other.token()])).toEqual(["guest-1", "guest-1"]);
    expect(other.getSnapshot()).toEqual(one.getSnapshot());
    expect(asked).toEqual(["guest"]);
  });

  test("hear of each other's signing in and out", () => {
    const { openWindow } = browser();
    const [one, other] = [openWindow(), openWindow()];
    let told = 0;
    other.subscribe(() => told++);
    const signedIn: StoredSession = { ...one.getSnapshot(), cartId: CartId.parse("00000000-0000-4000-8000-000000000009") };
    one.write(signedIn);
    expect([other.getSnapshot(), told]).toEqual([signedIn, 1]);
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
    expect(await Promise.all([one.token("guest-1"), one.token("guest-1"), other.token("guest-1")])).toEqual([
      "again-2",
      "again-2",
      "again-2",
    ]);
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
    const guest = { ...shopping.getSnapshot(), parked: undefined };
    const identity = { kind: "user", email: "ada@example.com", token: "t", refreshToken: "r", expiresAt: 0 } as const;
    shopping.write({
      cartId: CartId.parse("00000000-0000-4000-8000-000000000009"),
      identity,
      parked: { cartId: guest.cartId, identity: guest.identity },
    });
    worthless.add("r");
    expect(await shopping.token()).toMatch(/^again/);
    expect(shopping.getSnapshot()).toMatchObject({ cartId: guest.cartId, identity: { kind: "guest" }, parked: null });
  });

  test("is not made up where the service cannot be reached, and is had once it can", async () => {
    const { openWindow } = browser();
    const store = { read: () => null, write: () => {}, onForeignWrite: () => () => {} };
    let reachable = false;
    const guest = async () => {
      if (!reachable) throw new Error("offline");
      return { token: "t", refreshToken: "r", expiresAt: new Date(Date.now() + 600_000) };
    };
    const newCartId = () => openWindow().getSnapshot().cartId;
    const shopping = session({ store, auth: { guest, refresh: async () => null }, alone: oneAtATime(), newCartId });
    await expect(shopping.token()).rejects.toThrow("offline");
    reachable = true;
    expect(await shopping.token()).toBe("t");
  });
});
