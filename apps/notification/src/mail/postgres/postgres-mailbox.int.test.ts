import { SubjectId } from "@cartwright/contracts/ids";
import { Sealed } from "@cartwright/contracts/sealed";
import { openServiceTables } from "@cartwright/messaging/postgres/open-service-tables";
import { testDatabase } from "@cartwright/testkit/test-database";
import { expect, test } from "vitest";
import { mailboxMigrations } from "./mailbox-migrations.ts";
import { postgresMailbox } from "./postgres-mailbox.ts";

const schema = "notification";
const [ada, grace] = ["user-ada", "user-grace"].map((subject) => SubjectId.parse(subject)) as [SubjectId, SubjectId];
const sealedEmail = Sealed.parse(`sealed.1.${"A".repeat(22)}.${"b".repeat(16)}.${"c".repeat(40)}`);

test("a mail is in the box once, however often it is kept, and is found by whom it went to", async () => {
  await using db = await testDatabase();
  const tables = { connection: db.options, schema, migrations: [mailboxMigrations], maxConnections: 4 };
  await using opened = await openServiceTables(tables);
  const mailbox = postgresMailbox(opened.sql, schema);
  const mail = (key: string, recipient: SubjectId) =>
    mailbox.keep({ key, messageId: `<${key}@shop>`, recipient, sealedEmail, subject: `About ${key}`, text: "Hello" });
  await Promise.all(Array.from({ length: 5 }, () => mail("one", ada)));
  await mail("two", grace);
  await mail("three", ada);

  const all = await mailbox.list({ limit: 10 });
  expect(all.map(({ subject }) => subject)).toEqual(["About three", "About two", "About one"]);
  expect((await mailbox.list({ recipient: ada, limit: 10 })).map(({ messageId }) => messageId)).toEqual(["<three@shop>", "<one@shop>"]);
  expect(await mailbox.list({ before: all[1]?.number ?? 0, limit: 10 })).toMatchObject([{ subject: "About one", text: "Hello" }]);
  expect((await mailbox.kept(["three", "one", "never"])).map(({ subject }) => subject)).toEqual(["About one", "About three"]);
  expect(all.map((each) => each.sealedEmail)).toEqual([sealedEmail, sealedEmail, sealedEmail]);
  await db.sql`update notification.mail set message_id = null where key = 'two'`;
  expect(await mailbox.kept(["two"])).toMatchObject([{ messageId: "<two@cartwright>" }]);
  expect(JSON.stringify(await db.sql`select * from notification.mail`)).not.toContain("@example.com");
});
