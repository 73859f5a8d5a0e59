import { until } from "@cartwright/testkit/until";
import { expect, test } from "vitest";
import { answers, type Checkout, freshCheckout } from "./start-checkout.ts";

const shoppers = 16;
const kills = 3;
const tapsBetweenKills = 150;

/** Taps "+1" over and over, each under a key of its own, and tries the same tap again until it is acknowledged. */
const tapUntil = async (origin: string, isOver: () => boolean, onAcknowledged: () => void) => {
  const { token } = await post<{ token: string }>(`${origin}/api/auth/guest`, {});
  const cartId = crypto.randomUUID();
  const headers = { authorization: `Bearer ${token}` };
  const versions: number[] = [];
  let attempts = 0;
  while (!isOver()) {
    const key = crypto.randomUUID();
    const { version } = await until(
      () => {
        attempts += 1;
        const body = { productId: "prod-456", quantity: 1 };
        return post<{ version: number }>(`${origin}/api/cart/${cartId}/items`, { headers: { ...headers, "idempotency-key": key }, body });
      },
      { timeoutMs: 60_000, what: "an acknowledgement" },
    );
    versions.push(version);
    onAcknowledged();
  }
  const response = await fetch(`${origin}/api/cart/view/${cartId}?atLeastVersion=${versions.at(-1)}`, { headers });
  const view: { version: number; items: { quantity: number }[] } = await response.json();
  return { versions, view, attempts };
};

const post = async <Answer>(url: string, { headers = {}, body }: { headers?: Record<string, string>; body?: object }): Promise<Answer> => {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(5_000),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return response.json();
};

const killAll = (checkout: Checkout) => {
  for (const { pid } of checkout.processes()) process.kill(pid, "SIGKILL");
};

test("kill -9 of everything in the middle of a load of commands, three times: every acknowledged command is there exactly once", async () => {
  await using checkout = await freshCheckout();
  await checkout.start();
  const origin = `http://localhost:${checkout.port}`;
  let acknowledged = 0;
  let over = false;
  const shopping = Promise.all(
    Array.from({ length: shoppers }, () =>
      tapUntil(
        origin,
        () => over,
        () => {
          acknowledged += 1;
        },
      ),
    ),
  );
  for (let kill = 1; kill <= kills; kill++) {
    const enough = acknowledged + tapsBetweenKills;
    await until(() => acknowledged >= enough, { timeoutMs: 60_000, what: "a load" });
    killAll(checkout);
    await checkout.quiet();
    await checkout.start();
  }
  over = true;
  const carts = await shopping;
  expect(await answers(checkout.port)).toBe(true);
  expect(acknowledged).toBeGreaterThanOrEqual(kills * tapsBetweenKills);
  // Some taps were in flight when the system died, or nothing was shown.
  expect(carts.reduce((sum, { attempts }) => sum + attempts, 0)).toBeGreaterThan(acknowledged);
  for (const { versions, view } of carts) {
    // The first tap opens the cart, too.
    expect(versions).toEqual(versions.map((_, index) => index + 2));
    expect(view).toMatchObject({ version: versions.length + 1, items: [{ quantity: versions.length }] });
  }
}, 240_000);
