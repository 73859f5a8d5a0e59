import { connect } from "node:net";
import type { CartId } from "@cartwright/contracts/ids";
import { noMetrics } from "@cartwright/service-kit/metrics";
import { serve } from "@cartwright/service-kit/node/serve";
import { until } from "@cartwright/testkit/until";
import { expect, test } from "vitest";
import { aCartId, cartUnderTest, mouse } from "../spec.ts";
import { appendTo, changes } from "./spec.ts";

/** Of two kilobytes each: more than the system keeps for a connection that nobody reads. */
const many = 6_000;
const image = `/${"x".repeat(2_000)}.webp`;

const paths = {
  "plain server-sent events": (cartId: CartId) => `/api/cart/${cartId}/live`,
  "tRPC's server-sent events": (cartId: CartId) => `/trpc/cart.live?input=${encodeURIComponent(JSON.stringify({ json: { cartId } }))}`,
};

test.each(Object.entries(paths))(
  "of %s, who does not read is sent what the network takes and no more, and everything in order once it reads",
  async (_name, pathOf) => {
    let sent = 0;
    const counter = ({ name }: { name: string }) => ({ add: () => void (name === "live_messages_total" && sent++) });
    await using cart = await cartUnderTest({ metrics: { ...noMetrics, counter } });
    await using served = serve({ app: cart.app, port: 0, hostname: "127.0.0.1", variable: "PORT", endStreams: cart.stopLive });
    const [token, cartId] = [await cart.guest(), aCartId()];
    await cart.trpc(token).cart.addItem.mutate({ cartId, productId: mouse, quantity: 1 });

    const reader = connect(served.port, "127.0.0.1");
    let text = "";
    reader.on("data", (data) => {
      text += data.toString("latin1");
    });
    reader.write(`GET ${pathOf(cartId)} HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    await until(() => sent === 1);
    reader.pause();
    for (let done = 0; done < many; done += 1_000) await appendTo(cart.log, { cartId, events: changes(cartId, 1_000, image) });
    await until(standsStill(() => sent));
    expect(sent).toBeLessThan(many);

    reader.resume();
    await until(() => text.includes(`\nid: ${many + 2}\n`), { timeoutMs: 20_000 });
    const versions = [...text.matchAll(/\nid: (\d+)\n/g)].map(([, version]) => Number(version));
    expect(versions).toEqual(Array.from({ length: many + 1 }, (_, index) => index + 2));
    reader.destroy();
  },
  40_000,
);

/** Whether a number is what it was ten times in a row. */
const standsStill = (numberOf: () => number) => {
  let [last, times] = [numberOf(), 0];
  return () => {
    const now = numberOf();
    times = now === last ? times + 1 : 0;
    last = now;
    return times === 10;
  };
};
