import { createCartwrightClient } from "@cartwright/client/create-cartwright-client";
import { newCartId, productIdOf } from "@cartwright/client/ids";
import type { CheckoutId } from "@cartwright/contracts/ids";
import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { openEmbedded } from "@cartwright/infra/embedded/open-embedded";
import { jsonLogger } from "@cartwright/service-kit/node/logger";
import { startTelemetry } from "@cartwright/service-kit/node/telemetry";
import { freePort } from "@cartwright/testkit/free-port";
import { testDatabase } from "@cartwright/testkit/test-database";
import { until } from "@cartwright/testkit/until";
import { expect, test } from "vitest";
import { canary } from "./canary.ts";
import { type Finding, findInTables, findInTexts } from "./find-markers.ts";
import { traceCollector } from "./trace-collector.ts";

const patience = 90_000;

/** All services, and all places where what is known of a person could turn up. */
const openObserved = async () => {
  await using held = new AsyncDisposableStack();
  const db = held.use(await testDatabase());
  const collector = held.use(traceCollector());
  const telemetry = startTelemetry({ serviceName: "cartwright", endpoint: collector.endpoint });
  const lines: string[] = [];
  const logger = jsonLogger({ service: "cartwright", level: "debug", destination: { write: (line: string) => void lines.push(line) } });
  const adminPort = await freePort();
  const system = held.use(
    await openEmbedded({ postgres: db.options, logger, environment: { ADMIN_PORT: String(adminPort), TRUSTED_PROXIES: "1" } }),
  );
  const metrics = async () => (await fetch(`http://127.0.0.1:${adminPort}/metrics`)).text();
  const everywhere = async (markers: readonly string[]): Promise<readonly Finding[]> => [
    ...(await findInTables(db.sql, markers)),
    ...findInTexts("the log", lines, markers),
    ...findInTexts("spans", collector.bodies(), markers),
    ...findInTexts("metrics", [await metrics()], markers),
  ];
  const all = held.move();
  return { db, system, lines, collector, telemetry, metrics, logger, everywhere, [Symbol.asyncDispose]: () => all.disposeAsync() };
};

test(
  "what is known of a person is sealed wherever it is kept, readable to them, and gone when they are forgotten; what was sold is not",
  async () => {
    await using shop = await openObserved();
    const person = canary();
    const response = await fetch(`${shop.system.cartUrl}/api/auth/guest`, { method: "POST" });
    const { token, subject }: { token: string; subject: string } = await response.json();
    const fetchFrom = (url: string, init: RequestInit) => {
      const headers = new Headers(init.headers);
      headers.set("x-forwarded-for", person.clientAddress);
      return fetch(url, { ...init, headers });
    };
    const client = createCartwrightClient({ url: shop.system.cartUrl, token, fetch: fetchFrom });
    using _ = { [Symbol.dispose]: client.close };
    const cartId = newCartId();
    await client.cart.addItem.mutate({ cartId, productId: productIdOf("prod-456"), quantity: 1 });
    const { contact, shipTo, deviceId } = person;
    const { quoteHash } = await client.cart.quote.mutate({ cartId, country: shipTo.country });
    const paying = { cartId, quoteHash, paymentToken: PaymentToken.parse("pm_card_visa") };
    const { checkoutId } = await client.checkout.start.mutate({ ...paying, contact, shipTo, deviceId });
    expect(await ended(client, checkoutId)).toMatchObject({ status: "Ordered" });
    await shop.telemetry[Symbol.asyncDispose]();

    const [spanCount, lineCount] = [shop.collector.bodies().length, shop.lines.length];
    expect([spanCount > 0, lineCount > 0, (await shop.metrics()).includes("trpc_call")]).toEqual([true, true, true]);
    expect(await shop.everywhere(person.markers)).toEqual([]);
    const exported = JSON.stringify(await client.privacy.export.query());
    for (const marker of person.markers) expect(exported).toContain(marker);

    const totals = () => shop.db.sql`select data->'totals' as totals from cart.event where type = 'OrderPlaced'`;
    const before = await totals();
    await client.privacy.forget.mutate();
    expect(findInTexts("the export", [JSON.stringify(await client.privacy.export.query())], person.markers)).toEqual([]);
    expect(await shop.everywhere(person.markers)).toEqual([]);
    expect(await shop.db.sql`select from cart.person_key where subject = ${subject}`).toHaveLength(0);
    expect(await totals()).toEqual(before);
    expect(await client.order.list.query()).toMatchObject({ items: [{ cartId, status: expect.any(String) }] });
    expect((await client.cart.history.query({ cartId })).events.length).toBeGreaterThan(2);
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

const ended = ({ checkout }: ReturnType<typeof createCartwrightClient>, checkoutId: CheckoutId) =>
  until(
    async () => {
      const { status } = await checkout.status.query({ checkoutId });
      return (status === "Ordered" || status === "Failed") && { status };
    },
    { timeoutMs: 30_000, what: "the end of the checkout" },
  );
