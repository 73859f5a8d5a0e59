import superjson from "superjson";
import { expect, test } from "vitest";
import { openRemotely, type SealedValue } from "./open-remotely.ts";
import { openedMemory } from "./opened-memory.ts";

const keyOf = (person: string) => person.padEnd(22, "-");
const value = (person: string, field = "email"): SealedValue => ({ field, sealed: `sealed.1.${keyOf(person)}.nonce.${field}` });

/** A cart service that opens what is not forgotten, and what it was asked. */
const start = () => {
  const forgotten = new Set<string>();
  const asked: number[] = [];
  const held: (() => void)[] = [];
  const network = { holds: false, away: false };
  const open = openRemotely({
    url: "http://cart.test",
    token: async () => "token",
    fetch: async (url, init) => {
      expect([url, new Headers(init.headers).get("authorization")]).toEqual(["http://cart.test/trpc/privacy.open", "Bearer token"]);
      const { values } = superjson.parse<{ values: SealedValue[] }>(String(init.body));
      asked.push(values.length);
      if (network.away) throw new TypeError("connection refused");
      const texts = values.map(({ field, sealed }) => (forgotten.has(sealed.split(".")[2] ?? "") ? null : `${field} in the clear`));
      if (network.holds) await new Promise<void>((resolve) => held.push(resolve));
      return Response.json({ result: { data: superjson.serialize({ values: texts }) } });
    },
  });
  return { unsealer: openedMemory(open), forgotten, asked, network, release: () => held.splice(0).map((resolve) => resolve()) };
};

test("values are opened in one call, each of them once, and remembered", async () => {
  const { unsealer, asked } = start();
  const values = [value("ada"), value("grace", "phone"), value("ada")];
  for (let round = 0; round < 2; round++) {
    expect(await unsealer.open(values)).toEqual(["email in the clear", "phone in the clear", "email in the clear"]);
  }
  expect(asked).toEqual([2]);
  expect(await unsealer.open([])).toEqual([]);
});

test("more than the owner takes at once are asked for in pieces", async () => {
  const { unsealer, asked } = start();
  expect(await unsealer.open(Array.from({ length: 1_001 }, (_, index) => value(`person-${index}`)))).toHaveLength(1_001);
  expect(asked).toEqual([500, 500, 1]);
});

test("who is forgotten is not remembered, and others are", async () => {
  const { unsealer, forgotten, asked } = start();
  const values = [value("ada"), value("grace")];
  await unsealer.open(values);
  forgotten.add(keyOf("ada"));
  unsealer.drop(keyOf("ada"));
  expect(await unsealer.open(values)).toEqual([null, "email in the clear"]);
  expect(asked).toEqual([2, 1]);
});

test("an answer that was on its way when somebody was forgotten is not remembered", async () => {
  const { unsealer, forgotten, network, release } = start();
  network.holds = true;
  const early = unsealer.open([value("ada")]);
  await new Promise((resolve) => setImmediate(resolve));
  forgotten.add(keyOf("ada"));
  unsealer.drop(keyOf("ada"));
  network.holds = false;
  release();
  expect(await early).toEqual(["email in the clear"]);
  expect(await unsealer.open([value("ada")])).toEqual([null]);
});

test("while the owner is away the call can be made again", async () => {
  const { unsealer, network } = start();
  network.away = true;
  await expect(unsealer.open([value("ada")])).rejects.toMatchObject({ name: "ServiceAway", retryable: true });
  network.away = false;
  expect(await unsealer.open([value("ada")])).toEqual(["email in the clear"]);
});
