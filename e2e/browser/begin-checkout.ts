import { expect, type Page } from "playwright/test";

/** Pays for the cart of a window, as a program does that has the shopper's token: by a card of the provider's tests. */
export const beginCheckout = async (page: Page, { shopUrl, card }: { shopUrl: string; card: string }): Promise<string> => {
  const { cartId, identity } = await page.evaluate(() => JSON.parse(localStorage.getItem("cartwright.session") ?? "null"));
  const ask = async <Answer>(path: string, input: object): Promise<Answer> => {
    const response = await fetch(`${shopUrl}/api/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${identity.token}` },
      body: JSON.stringify(input),
    });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return response.json() as Promise<Answer>;
  };
  const shippingMethodId = "express";
  let quoteHash = "";
  // What was tapped is shown before it has arrived.
  await expect(async () => {
    quoteHash = (await ask<{ quoteHash: string }>(`cart/${cartId}/quote`, { country: "GB", shippingMethodId })).quoteHash;
  }).toPass({ timeout: 10_000 });
  const { checkoutId } = await ask<{ checkoutId: string }>("checkout", {
    ...{ cartId, quoteHash, shippingMethodId, paymentToken: card, contact: { email: "ada@example.com", locale: "en" } },
    shipTo: { country: "GB", name: "Ada Lovelace", line1: "12 St James's Square", city: "London" },
  });
  return checkoutId;
};
