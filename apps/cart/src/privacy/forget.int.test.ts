import { SubjectId } from "@cartwright/contracts/ids";
import { instantOf } from "@cartwright/contracts/instant";
import { privacyEvents, subjectStreamId } from "@cartwright/contracts/privacy-events";
import type { KeyId } from "@cartwright/contracts/sealed";
import { parseConfig } from "@cartwright/service-kit/config";
import { silentLogger } from "@cartwright/service-kit/logger";
import { testDatabase } from "@cartwright/testkit/test-database";
import { until } from "@cartwright/testkit/until";
import { expect, test } from "vitest";
import { cartConfig } from "../config.ts";
import { type PostgresCart, postgresCart } from "../postgres-cart.ts";
import { prepareDatabase } from "../testing/prepare-database.ts";

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
    expect(await db.sql`select from cart.person_hash`).toHaveLength(0);
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
