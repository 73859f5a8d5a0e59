import { SubjectId } from "@cartwright/contracts/ids";
import { KeyId } from "@cartwright/contracts/sealed";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PersonKeys } from "../privacy/person-keys.ts";
import type { CustomerTable } from "./customer-table.ts";

export type CustomerTableSetup = { readonly table: CustomerTable; readonly keys: PersonKeys };

/** Every table of customers passes this; `setUp` answers a fresh one with the keys that its rows go with. */
export const customerTableConformance = (setUp: () => Promise<CustomerTableSetup & AsyncDisposable>): void => {
  let { table, keys } = {} as CustomerTableSetup;
  let dispose = async () => {};
  beforeAll(async () => {
    const made = await setUp();
    ({ table, keys } = made);
    dispose = async () => made[Symbol.asyncDispose]();
  }, 60_000);
  afterAll(() => dispose());

  const aKey = async () => {
    const keyId = KeyId.parse(crypto.getRandomValues(new Uint8Array(16)).toBase64({ alphabet: "base64url", omitPadding: true }));
    await keys.keep({ subject: SubjectId.parse(`guest-${crypto.randomUUID()}`), keyId, wrapped: "wrapped", createdAt: new Date(0) });
    return keyId;
  };
  const hash = () => crypto.randomUUID();

  test("who comes first names the customer, however many come at once", async () => {
    const [mine, theirs, shared] = [await aKey(), await aKey(), hash()];
    expect(await table.with([shared])).toBeNull();
    const named = await Promise.all(
      [mine, theirs, mine].map((keyId) => table.keep({ hash: shared, customer: crypto.randomUUID(), keyId })),
    );
    expect(new Set(named).size).toBe(1);
    expect(await table.with([hash(), shared])).toBe(named[0] ?? "");
  });

  test("it goes with the key that it came with, and a key that is destroyed names nobody", async () => {
    const [mine, theirs, shared] = [await aKey(), await aKey(), hash()];
    await table.keep({ hash: shared, customer: "first", keyId: mine });
    await keys.destroy([mine]);
    expect(await table.with([shared])).toBeNull();
    expect(await table.keep({ hash: shared, customer: "second", keyId: mine })).toBeNull();
    expect(await table.keep({ hash: shared, customer: "third", keyId: theirs })).toBe("third");
  });
};
