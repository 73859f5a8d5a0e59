import { expect, test } from "vitest";
import { type AccountSource, type PostgresAccount, postgresAccount } from "./postgres-account.ts";

type Accounts = Record<string, PostgresAccount>;

/** A machine with these accounts, on which some more can be made. */
const machine = ({ uid = 0, accounts = {}, canMake = {} }: { uid?: number; accounts?: Accounts; canMake?: Accounts }): AccountSource => {
  const existing = { ...accounts };
  return {
    uid,
    lookUp: (name) => existing[name],
    create: (name) => {
      const made = canMake[name];
      if (made) existing[name] = made;
    },
  };
};

const postgres = { uid: 101, gid: 104 };
const ours = { uid: 998, gid: 998 };
const nobody = { uid: 65_534, gid: 65_533 };

test("an ordinary user runs PostgreSQL as itself", () => {
  expect(postgresAccount(machine({ uid: 1000, accounts: { postgres } }))).toBeUndefined();
});

test("root uses the machine's own postgres", () => {
  expect(postgresAccount(machine({ accounts: { postgres, nobody } }))).toEqual(postgres);
});

test("root makes an account where there is no postgres, and finds it again", () => {
  expect(postgresAccount(machine({ accounts: { nobody }, canMake: { "cartwright-postgres": ours } }))).toEqual(ours);
  expect(postgresAccount(machine({ accounts: { nobody, "cartwright-postgres": ours } }))).toEqual(ours);
});

test("where no account can be made, nobody does", () => {
  expect(postgresAccount(machine({ accounts: { nobody } }))).toEqual(nobody);
  expect(postgresAccount(machine({}))).toEqual({ uid: 65_534, gid: 65_534 });
});
