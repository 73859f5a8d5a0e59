import { checkoutIdOf, orderIdOf } from "@cartwright/contracts/checkout-ids";
import { jsonLogger } from "@cartwright/service-kit/node/logger";
import { expect, test } from "vitest";
import { aCartId, aContact, agreed, aKey, cartUnderTest, mouse, refusalOf } from "./spec.ts";

const numbers = ["4242424242424242", "4242 4242 4242 4242 12/27", "4242.4242.4242.4242"] as const;
const [plain] = numbers;

const shopping = async () => {
  const lines: string[] = [];
  const logger = jsonLogger({ service: "cart", level: "debug", destination: { write: (line) => lines.push(line) } });
  const service = await cartUnderTest({ logger });
  const token = await service.token("ada");
  const shopper = service.trpc(token);
  const cartId = aCartId();
  await shopper.cart.addItem.mutate({ cartId, productId: mouse, quantity: 1 });
  const rest = (method: string, path: string, request: object = {}) => service.rest(method, path, { token, ...request });
  const stored = async () => {
    const all = Array.from({ length: service.log.shards }, (_, shard) => ({ shard, after: 0n }));
    const events = await service.log.read(all, 1_000);
    return JSON.stringify(events.map(({ data, metadata, streamId, type }) => ({ data, metadata, streamId, type })));
  };
  return { service, shopper, cartId, rest, lines, stored };
};

test("a card's number comes in by no field of a call, and is neither stored nor logged", async () => {
  const { service, shopper, cartId, lines, stored } = await shopping();
  await using _ = service;
  const { quoteHash, contact } = await agreed(shopper, { cartId });
  const paying = { cartId, quoteHash, contact };
  const orderId = orderIdOf(checkoutIdOf(cartId, 1));
  // What a client that is not ours sends is not of the types of ours.
  const foreign = <Input>(input: unknown) => input as Input;
  for (const number of numbers) {
    const name = `Ada ${number}`;
    const calls = [
      shopper.checkout.start.mutate(foreign({ ...paying, paymentToken: `pm_x${plain}` })),
      shopper.checkout.start.mutate(foreign({ ...paying, paymentToken: "pm_card_visa", deviceId: plain })),
      shopper.checkout.start.mutate(
        foreign({ ...paying, paymentToken: "pm_card_visa", shipTo: { country: "DE", name, line1: "x", city: "x", postalCode: "1" } }),
      ),
      shopper.cart.addItem.mutate({ cartId, productId: mouse, quantity: 1, idempotencyKey: aKey(plain) }),
      shopper.cart.setContact.mutate(foreign({ cartId, contact: { ...aContact, name } })),
      shopper.order.cancel.mutate(foreign({ orderId, reason: number })),
      shopper.cart.view.query(foreign({ cartId, [number]: true })),
      shopper.cart.applyCoupon.mutate(foreign({ cartId, code: plain })),
    ];
    expect(await Promise.all(calls.map(refusalOf))).toEqual(calls.map(() => ({ code: "CardNumberInInput" })));
  }
  expect((await shopper.cart.view.query({ cartId })).version).toBe(2);
  for (const number of [...numbers, plain.slice(0, 12)]) {
    expect(await stored()).not.toContain(number);
    expect(lines.join("")).not.toContain(number);
  }
  expect(lines.join("")).toContain("call refused");
});

test("nor by REST: not in the path, the query, a header or the body", async () => {
  const { service, cartId, rest, lines, stored } = await shopping();
  await using _ = service;
  const body = { productId: mouse, quantity: 1 };
  const answers = await Promise.all([
    rest("POST", `/api/cart/${cartId}/items`, { body: { ...body, productName: `a ${plain}` } }),
    rest("POST", `/api/cart/${cartId}/items`, { body, headers: { "idempotency-key": plain } }),
    rest("PUT", `/api/cart/${cartId}/coupons/${plain}`),
    rest("DELETE", `/api/cart/${cartId}/items/4242%204242%204242%204242`),
    rest("GET", `/api/cart/view/${cartId}?reason=4242-4242-4242-4242`),
    rest("POST", "/api/checkout", { body: { cartId, quoteHash: "x", paymentToken: `pm_x${plain}` } }),
  ]);
  for (const answer of answers) {
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ refusal: { code: "CardNumberInInput" } });
  }
  await rest("GET", `/${plain}`);
  await rest("GET", `/api/cart/view/${cartId}`, { headers: { "x-correlation-id": plain } });
  const told = lines.join("");
  expect(told).toContain('"path":"/[redacted]"');
  for (const number of [plain, "4242 4242", "4242-4242", "4242%20"]) expect(told).not.toContain(number);
  expect(await stored()).not.toContain(plain);
});
