import { parseConfig } from "@cartwright/service-kit/config";
import { serve } from "@cartwright/service-kit/node/serve";
import { allInOneConfig } from "../config.ts";
import type { Service } from "../services.ts";

/** Answers for a process that has no service yet. */
export const healthListener: Service = {
  name: "health",
  start: async ({ environment }) => {
    const { CART_PORT: port } = parseConfig(allInOneConfig, environment);
    return serve({ app: { fetch: () => new Response("ok") }, port, variable: "CART_PORT" });
  },
};
