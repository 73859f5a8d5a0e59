import { parseConfig } from "@cartwright/service-kit/config";
import { listen } from "@cartwright/service-kit/node/listen";
import { allInOneConfig } from "../config.ts";
import type { Service } from "../services.ts";

/** Answers for a process that has no service yet. */
export const healthListener: Service = {
  name: "health",
  async start({ environment }) {
    const server = listen({
      port: parseConfig(allInOneConfig, environment).CART_PORT,
      variable: "CART_PORT",
      serve: (port) =>
        Bun.serve({ port, routes: { "/health/live": new Response("ok") }, fetch: () => new Response("not found", { status: 404 }) }),
    });
    return { [Symbol.asyncDispose]: () => server.stop() };
  },
};
