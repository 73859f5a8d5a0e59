import { cartStreamId } from "@cartwright/contracts/cart-events";
import { type CartId, type CheckoutId, CorrelationId, SubjectId } from "@cartwright/contracts/ids";
import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { EmailAddress, PhoneNumber } from "@cartwright/contracts/personal-data";
import { subjectStreamId } from "@cartwright/contracts/privacy-events";
import { commandHandler } from "@cartwright/event-log/command-handler";
import type { EventLog } from "@cartwright/event-log/event-log";
import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { ServiceAway } from "@cartwright/service-kit/service-call";
import { describe, expect, test } from "vitest";
import { inMemoryAccountStore } from "../auth/in-memory-account-store.ts";
import { aCartId, agreed, aKey, type CartUnderTest, cartUnderTest, mouse, refusalOf } from "../spec.ts";
import { type ExportElsewhere, nothingElsewhere } from "./export-elsewhere.ts";
import { forgetSubject, privacyModel } from "./forget-subject.ts";
import { inMemoryPersons } from "./in-memory-persons.ts";
import { sealer } from "./sealer.ts";
import { masterKey } from "./sealing.ts";

const ada = SubjectId.parse("user-ada");
const contact = { email: EmailAddress.parse("reach-ada@example.com"), phone: PhoneNumber.parse("+84901234567"), locale: "vi" };
const reason = "asked for by letter";

/** Ada with a cart that says how she is reached. No read model has heard of it yet. */
const withAda = async (exportElsewhere: ExportElsewhere = nothingElsewhere) => {
  const cart = await cartUnderTest({ exportElsewhere });
  const [adas, support] = [cart.trpc(await cart.token("ada")), cart.trpc(await cart.token("support"))];
  const cartId = aCartId();
  await adas.cart.addItem.mutate({ cartId, productId: mouse, quantity: 1 });
  await adas.cart.setContact.mutate({ cartId, ...contact });
  return { cart, adas, support, cartId };
};

describe("what is known of a person", () => {
  test("is exported to themself in the clear, and is sealed where it is stored", async () => {
    const { cart, adas, cartId } = await withAda();
    await using _ = cart;
    const exported = await adas.privacy.export.query();
    expect(exported).toMatchObject({ subject: ada, account: { email: "ada@example.com" }, looks: [], keyCreatedAt: expect.any(Date) });
    expect(exported.carts.map((each) => each.cartId)).toEqual([cartId]);
    expect(exported.carts[0]?.events.at(-1)).toMatchObject({
      type: "ContactSet",
      data: { contact: { email: contact.email, phone: contact.phone } },
    });
    const stored = JSON.stringify((await cart.log.readStream(cartStreamId(cartId))).map(({ data }) => data));
    expect(stored).toContain("sealed.1.");
    expect(stored).not.toContain(contact.email);
  });

  test("is exported to nobody else without scope and reason, and who looked is told to the person", async () => {
    const { cart, adas, support } = await withAda();
    await using _ = cart;
    const grace = cart.trpc(await cart.token("grace"));
    expect(await refusalOf(grace.privacy.export.query({ userId: ada, reason }))).toEqual({ code: "OwnerMismatch", userId: ada });
    expect(await refusalOf(support.privacy.export.query({ userId: ada }))).toEqual({ code: "ReasonMissing" });
    expect((await support.privacy.export.query({ userId: ada, reason })).carts).toHaveLength(1);
    expect((await adas.privacy.export.query()).looks).toMatchObject([{ actor: "user-support", reason, question: "export" }]);
  });

  test("is found by support through a contact, however it is typed, and that is told, too", async () => {
    const { cart, adas, support } = await withAda();
    await using _ = cart;
    const search = { by: { field: "email", value: "Reach-Ada@Example.com" }, reason } as const;
    expect(await support.privacy.find.mutate(search)).toEqual({ subjects: [ada] });
    expect((await adas.privacy.export.query()).looks).toMatchObject([{ actor: "user-support", question: "find by email" }]);
    expect(await refusalOf(adas.privacy.find.mutate(search))).toEqual({ code: "Forbidden", scope: "privacy:manage" });
  });
});

describe("what other services keep of a person", () => {
  const sealedBy = async ({ services }: CartUnderTest) => (await services.privacy.seal(ada, { email: contact.email })).email;
  const buying = async (cart: CartUnderTest, client: ReturnType<CartUnderTest["trpc"]>, cartId: CartId) => {
    const paying = { cartId, paymentToken: PaymentToken.parse("pm_card_visa") };
    const { checkoutId } = await client.checkout.start.mutate({ ...(await agreed(client, paying)), contact });
    return { checkoutId, email: await sealedBy(cart) };
  };
  const stream = (streamId: string, data: unknown = {}) => ({
    streamId,
    events: [{ type: "Happened", version: 1, at: new Date(0), data }],
  });

  test("is asked of them by the person's checkouts, and is exported in the clear", async () => {
    let answer: Awaited<ReturnType<ExportElsewhere>> | undefined;
    const asked: (readonly CheckoutId[])[] = [];
    const { cart, adas, cartId } = await withAda(async (checkoutIds) => {
      asked.push(checkoutIds);
      return answer ?? nothingElsewhere([]);
    });
    await using _ = cart;
    const { checkoutId, email } = await buying(cart, adas, cartId);
    answer = {
      billing: { streams: [stream("payment")], mails: [] },
      fraud: { streams: [stream("assessment")], mails: [] },
      notification: {
        streams: [stream("notification", { contact: { email } })],
        mails: [{ email, subject: "S", text: "T", sentAt: new Date(0) }],
      },
    };
    expect(await adas.privacy.export.query()).toMatchObject({
      payments: [{ streamId: "payment" }],
      assessments: [{ streamId: "assessment" }],
      notifications: [{ streamId: "notification", events: [{ data: { contact: { email: contact.email } } }] }],
      mails: [{ email: contact.email, subject: "S" }],
    });
    expect(asked).toEqual([[checkoutId]]);
  });

  test("is not left out when one of them is away: there is an error then, and no answer", async () => {
    const { cart, adas } = await withAda(() => Promise.reject(new ServiceAway("fraud is away")));
    await using _ = cart;
    await expect(adas.privacy.export.query()).rejects.toMatchObject({ data: { code: "SERVICE_UNAVAILABLE", retryAfterSeconds: 1 } });
  });
});

describe("who is forgotten", () => {
  test("is unreadable and can't sign in, and what they bought is still there", async () => {
    const { cart, adas, support, cartId } = await withAda();
    await using _ = cart;
    const { forgottenAt } = await adas.privacy.forget.mutate();
    const exported = await support.privacy.export.query({ userId: ada, reason });
    expect(exported).toMatchObject({ account: null, keyCreatedAt: null });
    expect(exported.carts[0]?.events.at(-1)).toMatchObject({
      type: "ContactSet",
      data: { contact: { email: null, phone: null, locale: "vi" } },
    });
    expect(await support.cart.view.query({ cartId, reason })).toMatchObject({ items: [{ productId: mouse }] });
    await expect(cart.token("ada")).rejects.toThrow("could not sign in");
    const [event] = await cart.log.readStream(subjectStreamId(ada));
    expect(event).toMatchObject({ type: "SubjectForgotten", data: { subject: ada, forgottenAt: forgottenAt.toISOString() } });
  });

  test("is forgotten once, however often it is asked", async () => {
    const { cart, adas } = await withAda();
    await using _ = cart;
    const first = await adas.privacy.forget.mutate();
    expect(await adas.privacy.forget.mutate()).toEqual(first);
    expect(await cart.log.readStream(subjectStreamId(ada))).toHaveLength(1);
  });

  test("and comes back has another key, which does not open what was before, and can be forgotten again", async () => {
    const { cart } = await withAda();
    await using _ = cart;
    const guest = cart.trpc(await cart.guest());
    const { subject } = await guest.privacy.export.query();
    const { privacy } = cart.services;
    const before = await privacy.seal(subject, { email: contact.email });
    await guest.privacy.forget.mutate();
    const after = await privacy.seal(subject, { email: contact.email });
    const values = [before, after].map(({ email }) => ({ field: "email", sealed: email }) as const);
    expect(await privacy.open(values)).toEqual([null, contact.email]);
    await guest.privacy.forget.mutate();
    expect(await privacy.open(values)).toEqual([null, null]);
    expect(await cart.log.readStream(subjectStreamId(subject))).toHaveLength(2);
  });

  test("on somebody's word: support gives a reason, which is kept with the event", async () => {
    const { cart, support } = await withAda();
    await using _ = cart;
    const grace = cart.trpc(await cart.token("grace"));
    expect(await refusalOf(grace.privacy.forget.mutate({ userId: ada, reason }))).toEqual({ code: "OwnerMismatch", userId: ada });
    expect(await refusalOf(support.privacy.forget.mutate({ userId: ada }))).toEqual({ code: "ReasonMissing" });
    await support.privacy.forget.mutate({ userId: ada, reason });
    const [event] = await cart.log.readStream(subjectStreamId(ada));
    expect(event?.metadata).toMatchObject({ actor: { subject: "user-support", kind: "support", reason } });
  });
});

/** Somebody without an account, with a cart that says how they are reached. */
const aGuest = async (cart: CartUnderTest, email: string) => {
  const token = await cart.guest();
  const trpc = cart.trpc(token);
  const cartId = aCartId();
  await trpc.cart.addItem.mutate({ cartId, productId: mouse, quantity: 1 });
  await trpc.cart.setContact.mutate({ cartId, email: EmailAddress.parse(email), locale: "en" });
  const { subject } = await trpc.privacy.export.query();
  return { token, trpc, cartId, subject, email };
};

/** Ada, who was a guest before she signed in, and another one before that. */
const withGuests = async () => {
  const { cart, adas, support, cartId } = await withAda();
  const [earlier, later] = [await aGuest(cart, "first-ada@example.com"), await aGuest(cart, "then-ada@example.com")];
  await later.trpc.cart.merge.mutate({ cartId: later.cartId, guestCartId: earlier.cartId, guestToken: earlier.token });
  await adas.cart.merge.mutate({ cartId, guestCartId: later.cartId, guestToken: later.token });
  return { cart, adas, support, earlier, later };
};

describe("who was a guest and signed in", () => {
  test("is told what is known of them as guests, however many they were", async () => {
    const { cart, adas, support, earlier, later } = await withGuests();
    await using _ = cart;
    await support.privacy.export.query({ userId: later.subject, reason });
    const exported = await adas.privacy.export.query();
    expect(exported.guests.toSorted()).toEqual([earlier.subject, later.subject].toSorted());
    for (const email of [earlier.email, later.email, contact.email]) expect(JSON.stringify(exported.carts)).toContain(email);
    expect(exported.looks).toMatchObject([{ actor: "user-support", reason }]);
  });

  test("is forgotten as the guests, too: unreadable, and found by none of their addresses", async () => {
    const { cart, adas, support, earlier, later } = await withGuests();
    await using _ = cart;
    const find = async (value: string) => (await support.privacy.find.mutate({ by: { field: "email", value }, reason })).subjects;
    expect(await find(earlier.email)).toEqual([earlier.subject]);
    await adas.privacy.forget.mutate();
    const exported = await support.privacy.export.query({ userId: ada, reason });
    expect(exported).toMatchObject({ keyCreatedAt: null });
    for (const { email } of [earlier, later]) {
      expect(JSON.stringify(exported)).not.toContain(email);
      expect(await find(email)).toEqual([]);
    }
    for (const { subject } of [earlier, later])
      expect(await cart.log.readStream(subjectStreamId(subject))).toMatchObject([{ type: "SubjectForgotten", data: { subject } }]);
  });

  test("who is forgotten as a guest takes nobody with them that took over another guest's cart", async () => {
    const { cart, adas, earlier, later } = await withGuests();
    await using _ = cart;
    await earlier.trpc.privacy.forget.mutate();
    const exported = JSON.stringify((await adas.privacy.export.query()).carts);
    expect(exported).not.toContain(earlier.email);
    for (const email of [later.email, contact.email]) expect(exported).toContain(email);
  });

  test("is forgotten as the guest whose cart becomes theirs while they are being forgotten", async () => {
    const log = inMemoryEventLog({ name: "cart" });
    const persons = inMemoryPersons(inMemoryAccountStore(), []);
    const seals = sealer({ keys: persons.keys, master: await masterKey("for tests"), now: () => new Date() });
    const [one, other] = [SubjectId.parse("guest-1"), SubjectId.parse("guest-2")];
    const sealed = await Promise.all([one, other].map((guest) => seals.seal(guest, { email: contact.email })));
    const looks = [[ada, one]];
    const forget = forgetSubject({
      ...{ handler: commandHandler({ log, model: privacyModel }), persons, sealer: seals, now: () => new Date() },
      trailOf: async () => ({ subjects: looks.shift() ?? [ada, one, other], cartIds: [] }),
    });
    const caller = { subject: ada, kind: "user", scopes: new Set<string>(), correlationId: CorrelationId.parse("test") } as const;
    expect(await forget(caller, {})).toMatchObject({ ok: true, value: { subject: ada } });
    expect(await seals.open(sealed.map(({ email }) => ({ field: "email", sealed: email }) as const))).toEqual([null, null]);
  });
});

test("only a token of the scope opens what is sealed", async () => {
  const { cart, adas } = await withAda();
  await using _ = cart;
  const { email } = await cart.services.privacy.seal(ada, { email: contact.email });
  expect(await refusalOf(adas.privacy.open.mutate({ values: [{ field: "email", sealed: email }] }))).toEqual({
    code: "Forbidden",
    scope: "privacy:open",
  });
});

describe("what a command is known by when it comes again", () => {
  /** Ada with an item in her cart, and what the log was given to know her commands by. */
  const withReceipts = async () => {
    const inMemory = inMemoryEventLog({ name: "cart" });
    const known: string[] = [];
    const log: EventLog = {
      ...inMemory,
      append(unit) {
        known.push(...unit.commands.map(({ fingerprint }) => fingerprint));
        return inMemory.append(unit);
      },
    };
    const cart = await cartUnderTest({ log });
    const adas = cart.trpc(await cart.token("ada"));
    const cartId = aCartId();
    await adas.cart.addItem.mutate({ cartId, productId: mouse, quantity: 1 });
    return { cart, adas, cartId, known };
  };

  test("is the same for the same contact, another for another, and says neither to who has a list of them", async () => {
    const { cart, adas, cartId, known } = await withReceipts();
    await using _ = cart;
    const [idempotencyKey, other] = [aKey(), aKey()];
    const first = await adas.cart.setContact.mutate({ cartId, ...contact, idempotencyKey });
    expect(await adas.cart.setContact.mutate({ cartId, ...contact, idempotencyKey })).toEqual(first);
    const changed = { cartId, ...contact, phone: PhoneNumber.parse("+84907654321"), idempotencyKey };
    expect(await refusalOf(adas.cart.setContact.mutate(changed))).toEqual({ code: "IdempotencyKeyReused", key: idempotencyKey });
    const { quoteHash } = await adas.cart.quote.mutate({ cartId });
    const paying = { cartId, quoteHash, contact, deviceId: "device-of-ada", paymentToken: PaymentToken.parse("pm_card_visa") };
    const begun = await adas.checkout.start.mutate({ ...paying, idempotencyKey: other });
    expect((await adas.checkout.start.mutate({ ...paying, idempotencyKey: other })).checkoutId).toBe(begun.checkoutId);
    const elsewhere = adas.checkout.start.mutate({ ...paying, deviceId: "another-device", idempotencyKey: other });
    expect(await refusalOf(elsewhere)).toEqual({ code: "IdempotencyKeyReused", key: other });
    expect(known.filter((text) => text.includes('"personal":"')).map((text) => text.split('"')[1])).toContain("setContact");
    expect(known.at(-1)).toMatch(/^\{"checkout":.*"personal":"/);
    for (const marker of [contact.email, contact.phone, "device-of-ada"]) expect(known.join()).not.toContain(marker);
  });

  test("can't be made again once the person is forgotten: not even with the same contact", async () => {
    const { cart, adas, cartId, known } = await withReceipts();
    await using _ = cart;
    const digestOf = (text: string | undefined) => text?.match(/"personal":"([^"]+)"/)?.[1];
    await adas.cart.setContact.mutate({ cartId, ...contact });
    await adas.privacy.forget.mutate();
    await adas.cart.setContact.mutate({ cartId, ...contact });
    const [before, after] = known.flatMap((text) => digestOf(text) ?? []);
    expect(before).toHaveLength(43);
    expect(after).toHaveLength(43);
    expect(after).not.toBe(before);
  });
});
