import { cartWebSockets } from "@cartwright/cart/node/web-socket";
import { cartUnderTest, laptop, mouse } from "@cartwright/cart/spec";
import { silentLogger } from "@cartwright/service-kit/logger";
import { type ServedApp, serve } from "@cartwright/service-kit/node/serve";

/** The real cart service, in memory, at a real port: over HTTP, server-sent events and WebSockets. For the client's tests. */
export const serveCart = async (options: { readonly port?: number; readonly webSockets?: boolean; readonly now?: () => Date } = {}) => {
  const { port = 0, webSockets = true, now } = options;
  const cart = await cartUnderTest(now && { now });
  let served: ServedApp | undefined;
  const begin = (at: number) => {
    served = serve({
      app: cart.app,
      port: at,
      variable: "PORT",
      endStreams: cart.stopLive,
      ...(webSockets && { webSockets: cartWebSockets({ ...cart, logger: silentLogger }) }),
    });
    return served;
  };
  const { url, port: taken } = begin(port);
  return {
    ...cart,
    url,
    products: { laptop, mouse },
    /** No more requests are taken and those under way are cut. */
    stop: () => served?.stop({ graceMs: 100 }),
    /** At the same port, with all that was there. */
    start: () => void begin(taken),
    async [Symbol.asyncDispose]() {
      await served?.stop({ graceMs: 100 });
      await cart[Symbol.asyncDispose]();
    },
  };
};
