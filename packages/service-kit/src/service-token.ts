import * as z from "zod";
import { type ServiceCallOptions, serviceCalls } from "./service-call.ts";

export type ServiceTokenOptions = ServiceCallOptions & {
  /** Which service asks, and what it proves that by. */
  readonly service: string;
  readonly secret: string;
  readonly now?: () => number;
};

const Issued = z.object({ token: z.string().min(1), expiresAt: z.date() });
type Issued = z.output<typeof Issued>;

/** A function that answers a service's own access token, of the cart service at `url`; a new one before the old one ends. */
export const serviceToken = ({ service, secret, now = Date.now, ...call }: ServiceTokenOptions): (() => Promise<string>) => {
  const calls = serviceCalls(call);
  return keptToken(async () => Issued.parse(await calls.mutate({ path: "auth.serviceToken", input: { service, secret } })), now);
};

/**
 * A function that answers a token again and again, and asks for a new one before it ends; many who ask at once are one. While no new one
 * can be had the old one is answered for as long as it is good.
 */
export const keptToken = (issue: () => Promise<Issued>, now: () => number = Date.now): (() => Promise<string>) => {
  let kept: Issued | null = null;
  let asking: Promise<Issued> | null = null;
  const ask = async () => {
    try {
      kept = await issue();
      return kept;
    } finally {
      asking = null;
    }
  };
  return async () => {
    const old = kept;
    const goodForMs = old ? old.expiresAt.getTime() - now() : 0;
    if (old && goodForMs > renewBeforeMs) return old.token;
    asking ??= ask();
    try {
      return (await asking).token;
    } catch (error) {
      if (old && old.expiresAt.getTime() > now()) return old.token;
      throw error;
    }
  };
};

/** Longer than a call takes. */
const renewBeforeMs = 30_000;
