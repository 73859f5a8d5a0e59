export type StripeSignature = { readonly payload: string; readonly secret: string; readonly at: Date };

/** The header by which Stripe signs what it sends: https://docs.stripe.com/webhooks#verify-manually */
export const stripeSignature = async ({ payload, secret, at }: StripeSignature): Promise<string> => {
  const timestamp = Math.floor(at.getTime() / 1_000);
  const text = new TextEncoder();
  const key = await crypto.subtle.importKey("raw", text.encode(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, text.encode(`${timestamp}.${payload}`)));
  return `t=${timestamp},v1=${Array.from(mac, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
};
