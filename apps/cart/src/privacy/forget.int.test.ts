import { CartId, CorrelationId, SubjectId } from "@cartwright/contracts/ids";
import { instantOf } from "@cartwright/contracts/instant";
import { EmailAddress } from "@cartwright/contracts/personal-data";
import { privacyEvents, subjectStreamId } from "@cartwright/contracts/privacy-events";
import type { KeyId } from "@cartwright/contracts/sealed";
import { parseConfig } from "@cartwright/service-kit/config";
import { silentLogger } from "@cartwright/service-kit/logger";
import { testDatabase } from "@cartwright/testkit/test-database";
import { until } from "@cartwright/testkit/until";
import { expect, test } from "vitest";
import type { Caller } from "../carts/caller.ts";
import { cartConfig } from "../config.ts";
import { type PostgresCart, postgresCart } from "../postgres-cart.ts";
import { prepareDatabase } from "../testing/prepare-database.ts";
import { inMemoryTrail } from "./in-memory-trail.ts";
import { postgresTrail } from "./postgres/postgres-trail.ts";

/** Of a demonstration account. */
const ada = SubjectId.parse("user-123");
const email = "reach-ada@example.com";
const patience = 30_000;

/** What a process does that dies before it has destroyed anything. */
const onlySay = async ({ log }: PostgresCart, keyId: KeyId | null) => {
  const event = privacyEvents.encode({ type: "SubjectForgotten", data: { subject: ada, keyId, forgottenAt: instantOf(new Date()) } });
  const events = [{ ...event, eventId: crypto.randomUUID(), metadata: {} }];
  const commands = [{ key: crypto.randomUUID(), fingerprint: "forget", eventCount: 1 }] as const;
  await log.append({ commands, streams: [{ streamId: subjectStreamId(ada), expect: "any", events }] });
};

test(
  "who is said to be forgotten is, though the process died that said so; and who has come back since stays",
  async () => {
    await using db = await testDatabase({ prepare: prepareDatabase });
    const config = parseConfig(cartConfig, {});
    const start = () => postgresCart({ config, postgres: db.options, logger: silentLogger });
    await using one = await start();
    await using other = await start();
    const [here, there] = [one.deps.services.privacy, other.deps.services.privacy];
    const sealed = await Promise.all([here.seal(ada, { email }), there.seal(ada, { email })]);
    const before = sealed.map((each) => ({ field: "email", sealed: each.email }) as const);
    expect(await there.open(before)).toEqual([email, email]);
    const keys = () => db.sql<{ keyId: KeyId }[]>`select key_id as "keyId" from cart.person_key where subject = ${ada}`;
    const [first] = await keys();

    await onlySay(one, first?.keyId ?? null);
    await until(async () => (await keys()).length === 0, { what: "the key's end" });
    for (const { open } of [here, there]) expect(await open(before)).toEqual([null, null]);
    expect(await db.sql`select from cart.person_hash where key_id = ${first?.keyId ?? ""}`).toHaveLength(0);
    await until(async () => (await db.sql`select from cart.account where subject = ${ada}`).length === 0, { what: "the account's end" });

    const after = { field: "email", sealed: (await there.seal(ada, { email })).email } as const;
    await onlySay(other, first?.keyId ?? null);
    const [head] = await db.sql<
      { version: number }[]
    >`select max(version) as version from cart.event where stream_id = ${subjectStreamId(ada)}`;
    expect(head?.version).toBe(2);
    const isCaughtUp = async () =>
      (
        await db.sql`
        select from cart.event e where stream_id = ${subjectStreamId(ada)} and not exists (
          select from cart.mark m where m.consumer_group = 'catalog' and m.shard = e.shard and m.position >= e.position)`
      ).length === 0;
    await until(isCaughtUp, { what: "the second event's turn" });
    expect(await here.open([after])).toEqual([email]);
  },
  patience,
);

test(
  "who is said to be forgotten is forgotten as the guests that they were, by what the log says at that moment",
  async () => {
    await using db = await testDatabase({ prepare: prepareDatabase });
    await using cart = await postgresCart({ config: parseConfig(cartConfig, {}), postgres: db.options, logger: silentLogger });
    const { carts, auth, privacy } = cart.deps.services;
    const guestWith = async (contact: { email: string; locale: string }) => {
      const { token, subject } = await auth.guest();
      const cartId = CartId.parse(crypto.randomUUID());
      const caller = callerOf(subject, "guest");
      await carts.open(caller, { cartId });
      expect(await carts.setContact(caller, { cartId, ...contact, consent: { marketing: false } })).toMatchObject({ ok: true });
      return { caller, token, cartId };
    };
    const guests = await Promise.all(["first", "then", "never"].map((name) => guestWith({ email: emailOf(name), locale: "en" })));
    const [first, then, never] = guests as [Guest, Guest, Guest];
    const cartId = CartId.parse(crypto.randomUUID());
    const byAda = callerOf(ada, "user");
    const merges = [
      await carts.merge(then.caller, { cartId: then.cartId, guestCartId: first.cartId, guestToken: first.token }),
      await carts.merge(byAda, { cartId, guestCartId: then.cartId, guestToken: then.token }),
    ];
    expect(merges).toMatchObject([{ ok: true }, { ok: true }]);

    const trail = await postgresTrail(db.sql, "cart")(ada);
    expect(trail.subjects.toSorted()).toEqual([ada, first.caller.subject, then.caller.subject].toSorted());
    expect(trail.cartIds.toSorted()).toEqual([cartId, first.cartId, then.cartId].toSorted());
    const read = await inMemoryTrail(cart.log)(ada);
    expect([read.subjects.toSorted(), read.cartIds.toSorted()]).toEqual([trail.subjects.toSorted(), trail.cartIds.toSorted()]);
    expect(await postgresTrail(db.sql, "cart", { until: new Date(0) })(ada)).toEqual({ subjects: [ada], cartIds: [cartId] });

    const keysOf = async () =>
      (await db.sql<{ subject: string }[]>`select subject from cart.person_key where subject like 'guest-%'`).map(({ subject }) => subject);
    // What the merge made theirs is sealed with their own key.
    const [own] = await db.sql<{ keyId: KeyId }[]>`select key_id as "keyId" from cart.person_key where subject = ${ada}`;
    await onlySay(cart, own?.keyId ?? null);
    await until(async () => (await keysOf()).length === 1, { what: "the end of the guests' keys" });
    expect(await keysOf()).toEqual([never.caller.subject]);
    const { value: exported } = (await privacy.export(byAda, {})) as { value: object };
    for (const name of ["first", "then"]) expect(JSON.stringify(exported)).not.toContain(emailOf(name));
  },
  patience,
);

type Guest = { readonly caller: Caller; readonly token: string; readonly cartId: CartId };

const emailOf = (name: string) => EmailAddress.parse(`${name}-ada@example.com`);

const callerOf = (subject: string, kind: Caller["kind"]): Caller => ({
  subject: SubjectId.parse(subject),
  kind,
  scopes: new Set<string>(),
  correlationId: CorrelationId.parse("test"),
});
