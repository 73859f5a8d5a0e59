import { CartId } from "@cartwright/contracts/ids";
import { expect, test } from "vitest";
import { type StoredSession, sessionStore } from "./stored-session.ts";

const stored: StoredSession = {
  cartId: CartId.parse("00000000-0000-4000-8000-000000000001"),
  identity: { kind: "user", email: "ada@example.com", token: "t", refreshToken: "r", expiresAt: 1_000 },
  parked: null,
};

const nothingShared = { get: async () => undefined, put: async () => {} };

const storageOf = (entries: Record<string, string> = {}) => ({
  getItem: (key: string) => entries[key] ?? null,
  setItem: (key: string, value: string) => {
    entries[key] = value;
  },
});

test("what one window writes, another one reads", async () => {
  const storage = storageOf();
  const events = new EventTarget();
  await sessionStore({ storage, shared: nothingShared, events }).write(stored);
  expect(sessionStore({ storage, shared: nothingShared, events }).read()).toEqual(stored);
});

test("an identity that is damaged is as if there were none, and the cart is kept", () => {
  const { cartId } = stored;
  const storage = storageOf({ "cartwright.session": JSON.stringify({ ...stored, identity: { kind: "user", token: 7 } }) });
  expect(sessionStore({ storage, shared: nothingShared, events: new EventTarget() }).read()).toEqual({
    cartId,
    identity: null,
    parked: null,
  });
});

test.each(["", "{", "null", "[]", '{"cartId":"1"}'])("what cannot be read, such as '%s', is as if there were nothing", (text) => {
  const storage = storageOf({ "cartwright.session": text });
  expect(sessionStore({ storage, shared: nothingShared, events: new EventTarget() }).read()).toBeNull();
});

test("a browser that keeps nothing for the shop still has one cart in this window", async () => {
  const refuse = () => {
    throw new Error("storage is disabled");
  };
  const shared = { get: async () => refuse(), put: async () => refuse() };
  const store = sessionStore({ storage: { getItem: refuse, setItem: refuse }, shared, events: new EventTarget() });
  expect(store.read()).toBeNull();
  await store.write(stored);
  expect(store.read()).toEqual(stored);
  expect(await store.readShared()).toEqual(stored);
});

test("only what another window writes for the shop is told", () => {
  const events = new EventTarget();
  let told = 0;
  const end = sessionStore({ storage: storageOf(), shared: nothingShared, events }).onForeignWrite(() => told++);
  for (const key of ["cartwright.session", "something.else", null]) events.dispatchEvent(Object.assign(new Event("storage"), { key }));
  end();
  events.dispatchEvent(Object.assign(new Event("storage"), { key: "cartwright.session" }));
  expect(told).toBe(2);
});
