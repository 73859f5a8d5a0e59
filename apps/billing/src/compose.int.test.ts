import { cartStreamId } from "@cartwright/contracts/cart-events";
import { until } from "@cartwright/testkit/until";
import { describe, expect, test } from "vitest";
import { approved, type Bench, failed, openBench, ordered, reaches, started, typesOf } from "./testing/billing-bench.ts";

const promise = (name: string, run: (bench: Bench) => Promise<void>) =>
  test(name, async () => {
    await using bench = await openBench();
    await run(bench);
  }, 30_000);

describe("billing", () => {
  promise("waits for the cart's log, says so, and goes through a payment once it is there", async (bench) => {
    expect(await bench.health.report()).toMatchObject({
      ready: false,
      checks: { "billing follows cart": { detail: "waits for the log of cart" } },
    });
    await bench.happens(started(bench));
    bench.findCart();
    await reaches(bench, "PaymentMethodInspected");
    expect(await bench.health.report()).toMatchObject({ ready: true });
    await bench.happens(approved(bench));
    await reaches(bench, "PaymentAuthorized");
    await bench.happens(ordered(bench));
    await reaches(bench, "PaymentCaptured");
    expect(await bench.intents()).toMatchObject([{ status: "succeeded", amount: 2_000, amount_received: 2_000 }]);
    for (const { metadata } of await bench.events())
      expect(metadata).toMatchObject({ correlationId: "the-request", actor: { subject: "service-billing", kind: "service" } });
  });

  promise("does nothing twice, whatever comes twice", async (bench) => {
    bench.findCart();
    await bench.happens(started(bench), started(bench));
    await reaches(bench, "PaymentMethodInspected");
    await bench.happens(approved(bench), approved(bench));
    await reaches(bench, "PaymentAuthorized");
    await bench.happens(ordered(bench), ordered(bench), failed(bench));
    await reaches(bench, "PaymentCaptured");
    expect(await typesOf(bench)).toEqual([
      "PaymentMethodPresented",
      "PaymentMethodInspected",
      "PaymentRequested",
      "PaymentAuthorized",
      "PaymentCaptureRequested",
      "PaymentCaptured",
    ]);
    expect(await bench.intents()).toHaveLength(1);
  });

  promise("gives back what it holds for a checkout that has failed", async (bench) => {
    bench.findCart();
    await bench.happens(started(bench));
    await reaches(bench, "PaymentMethodInspected");
    await bench.happens(approved(bench), failed(bench));
    await reaches(bench, "PaymentVoided");
    expect(await bench.intents()).toMatchObject([{ status: "canceled", amount_received: 0 }]);
  });

  promise("tells of a card that does not pay, and of none behind the token", async (bench) => {
    bench.findCart();
    await bench.happens(started(bench, "pm_card_chargeDeclined"));
    await reaches(bench, "PaymentMethodInspected");
    await bench.happens(approved(bench));
    await reaches(bench, "PaymentDeclined");
    await using another = await openBench();
    another.findCart();
    await another.happens(started(another, "pm_nobody"));
    await reaches(another, "PaymentMethodRefused");
  });

  promise("parks a stream that it can't read, and an operator looks, tries again and gives an event up, over tRPC", async (bench) => {
    bench.findCart();
    await bench.isBroken();
    await bench.happens(started(bench));
    const operator = await bench.client("ops:read", "ops:write");
    const parked = async () => (await operator.parked.list.query()).streams;
    const both = async () => (await parked()).find(({ waiting }) => waiting === 2);
    const stream = await until(both, { timeoutMs: 10_000, what: "a parked stream with what came after" });
    const { group, log, streamId } = stream;
    expect(stream).toMatchObject({ group: "billing.checkouts", log: "cart", streamId: cartStreamId(bench.ids.cartId), waiting: 2 });
    const { events } = await operator.parked.inspect.query({ group, log, streamId });
    expect(events.map(({ event }) => event.data)).toMatchObject([{ cartId: "no cart" }, { checkoutId: bench.ids.checkoutId }]);

    await operator.parked.retry.mutate({ group, log, streamId });
    await until(async () => (await parked())[0]?.state === "parked", { timeoutMs: 10_000, what: "the same fault" });
    const eventId = events[0]?.event.eventId ?? "";
    await operator.parked.discard.mutate({ group, log, streamId, eventId, reason: "nobody wrote this" });
    await operator.parked.retry.mutate({ group, log, streamId });
    await reaches(bench, "PaymentMethodInspected");
    await until(async () => (await parked()).length === 0, { timeoutMs: 10_000, what: "a stream that flows" });

    const reader = await bench.client("ops:read");
    await expect(reader.parked.retry.mutate({ group, log, streamId })).rejects.toMatchObject({ data: { code: "FORBIDDEN" } });
    await expect(operator.parked.retry.mutate({ group, log, streamId })).rejects.toMatchObject({ data: { refusal: { code: "NotFound" } } });
  });
});
