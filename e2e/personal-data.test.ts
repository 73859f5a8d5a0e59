import { createCartwrightClient } from "@cartwright/client/create-cartwright-client";
import { OrderId, SubjectId } from "@cartwright/contracts/ids";
import { openEmbedded } from "@cartwright/infra/embedded/open-embedded";
import { opsConfig } from "@cartwright/infra/ops/config";
import { rebuild } from "@cartwright/infra/ops/rebuild";
import { jsonLogger } from "@cartwright/service-kit/node/logger";
import { startTelemetry } from "@cartwright/service-kit/node/telemetry";
import { freePort } from "@cartwright/testkit/free-port";
import { startMailCatcher } from "@cartwright/testkit/mail-catcher";
import { testDatabase } from "@cartwright/testkit/test-database";
import { until } from "@cartwright/testkit/until";
import { expect, test } from "vitest";
import { canary } from "./canary.ts";
import { type Finding, findInTables, findInTexts } from "./find-markers.ts";
import { account, credentials, knownPerson } from "./known-person.ts";
import { traceCollector } from "./trace-collector.ts";

const patience = 90_000;

/** All services, and all places where what is known of a person could turn up. */
const openObserved = async () => {
  await using held = new AsyncDisposableStack();
  const db = held.use(await testDatabase());
  const collector = held.use(traceCollector());
  const catcher = held.use(await startMailCatcher());
  const telemetry = startTelemetry({ serviceName: "cartwright", endpoint: collector.endpoint });
  const lines: string[] = [];
  const logger = jsonLogger({ service: "cartwright", level: "debug", destination: { write: (line: string) => void lines.push(line) } });
  const adminPort = await freePort();
  const system = held.use(
    await openEmbedded({
      postgres: db.options,
      logger,
      environment: { ADMIN_PORT: String(adminPort), TRUSTED_PROXIES: "1", SMTP_URL: catcher.smtpUrl },
    }),
  );
  const metrics = async () => (await fetch(`http://127.0.0.1:${adminPort}/metrics`)).text();
  const everywhere = async (markers: readonly string[]): Promise<readonly Finding[]> => [
    ...(await findInTables(db.sql, markers)),
    ...findInTexts("the log", lines, markers),
    ...findInTexts("spans", collector.bodies(), markers),
    ...findInTexts("metrics", [await metrics()], markers),
  ];
  const all = held.move();
  return { db, system, lines, collector, catcher, telemetry, metrics, logger, everywhere, [Symbol.asyncDispose]: () => all.disposeAsync() };
};

test(
  "what is known of a person is sealed wherever it is kept, told to them, and gone when they are forgotten; what was sold is not",
  async () => {
    await using shop = await openObserved();
    using person = await knownPerson({ url: shop.system.cartUrl });
    const { client, cartId, checkoutId, known, never, contact } = person;
    const token = await shop.system.token("privacy:manage", "cart:support", "notification:read");
    const operator = createCartwrightClient({ url: shop.system.cartUrl, token });
    using _ = { [Symbol.dispose]: operator.close };
    const mailed = async () => (await operator.notification.mailbox.list.query({})).mails.map(({ email, subject }) => ({ email, subject }));
    await until(async () => (await mailed()).length > 0, { timeoutMs: 20_000, what: "the mail" });
    expect(await mailed()).toEqual([{ email: contact.email, subject: `Đơn hàng ${checkoutId} của bạn` }]);
    expect(shop.catcher.mails()).toMatchObject([{ to: [contact.email], subject: `Đơn hàng ${checkoutId} của bạn` }]);

    expect(await shop.everywhere([...known, ...never])).toEqual([]);
    const exported = await client.privacy.export.query();
    for (const marker of known) expect(JSON.stringify(exported)).toContain(marker);
    expect(exported).toMatchObject({ guests: [person.guestSubject], account: { email: account.email }, mails: [{ email: contact.email }] });
    expect([exported.payments, exported.assessments, exported.notifications].map((each) => each.length)).toEqual([1, 1, 1]);
    expect(JSON.stringify(exported.payments)).toContain('"last4":"4242"');

    const reason = "it was asked for by letter";
    const shown = async () => [
      await operator.cart.view.query({ cartId, reason }),
      await operator.order.get.query({ orderId: OrderId.parse(checkoutId), reason }),
    ];
    const totals = () => shop.db.sql`select data->'totals' as totals from cart.event where type = 'OrderPlaced'`;
    const before = [await shown(), await totals()];
    await client.privacy.forget.mutate();
    await expect(client.auth.signIn.mutate(credentials)).rejects.toMatchObject({ data: { refusal: { code: "InvalidCredentials" } } });
    const { host, port, database, user, username, password } = shop.db.options;
    const POSTGRES_CONNECTION_STRING = `Host=${host};Port=${port ?? 5432};Database=${database};Username=${user ?? username};Password=${password ?? ""}`;
    const rebuilding = rebuild(opsConfig({ POSTGRES_CONNECTION_STRING }), { name: "cart-view", onProgress: () => {} });
    expect((await Array.fromAsync(rebuilding)).join()).toContain("version 2");
    expect([await shown(), await totals()]).toEqual(before);

    const afterwards = JSON.stringify(await operator.privacy.export.query({ userId: SubjectId.parse(account.subject), reason }));
    expect(findInTexts("the export", [afterwards], known)).toEqual([]);
    expect(await mailed()).toEqual([{ email: null, subject: `Đơn hàng ${checkoutId} của bạn` }]);
    expect(await shop.db.sql`select from cart.person_key where subject in (${account.subject}, ${person.guestSubject})`).toHaveLength(0);
    await shop.telemetry[Symbol.asyncDispose]();
    const spans = shop.collector.spans().map(({ name }) => name);
    expect(spans).toEqual(expect.arrayContaining(["cart.setContact", "auth.signIn", "cart.merge", "send mail", "privacy.forget"]));
    expect([shop.lines.length > 0, (await shop.metrics()).includes("trpc_call")]).toEqual([true, true]);
    expect(await shop.everywhere([...known, ...never])).toEqual([]);
  },
  patience,
);

test(
  "the search finds what is not sealed, in whatever form and place it is",
  async () => {
    await using shop = await openObserved();
    const { markers, contact } = canary();
    const { sql } = shop.db;
    expect(await shop.everywhere(markers)).toEqual([]);
    await sql`create table public.planted (body jsonb, bytes bytea)`;
    await sql`insert into public.planted values (${sql.json({ at: { email: contact.email.toUpperCase() } })}, null)`;
    await sql`create table cart.planted_too as select convert_to(${contact.phone}, 'UTF8') as bytes`;
    shop.logger.info({ note: `from ${markers[2]}` }, "planted");
    const found = [...(await shop.everywhere(markers))].toSorted((one, other) => one.where.localeCompare(other.where));
    expect(found).toEqual([
      { marker: contact.phone, where: "cart.planted_too" },
      { marker: contact.email, where: "public.planted" },
      { marker: markers[2] ?? "", where: "the log" },
    ]);
    const base64 = Buffer.from(`x${contact.email}, and more`).toString("base64");
    for (const text of [encodeURIComponent(`/?q=${contact.email}`), base64, Buffer.from(contact.email).toString("hex")]) {
      expect(findInTexts("a text", ["nothing", text], markers)).toEqual([{ marker: contact.email, where: "a text" }]);
    }
  },
  patience,
);
