import type { PostgresEventLog } from "@cartwright/event-log/postgres/open-event-log";
import type { CallContext } from "@cartwright/service-kit/call-context";
import { LogRead, logHeads, readLog, readStream, StreamRead } from "@cartwright/service-kit/log-procedures";
import { silentLogger } from "@cartwright/service-kit/logger";
import { type ServedApp, serve } from "@cartwright/service-kit/node/serve";
import { serviceApp } from "@cartwright/service-kit/service-app";
import { trpcFor } from "@cartwright/service-kit/trpc";
import { trpcHandler } from "@cartwright/service-kit/trpc-handler";
import * as z from "zod";

const { router, publicProcedure } = trpcFor<CallContext & { readonly log: PostgresEventLog }>();

const owner = router({
  auth: router({
    serviceToken: publicProcedure
      .input(z.object({ service: z.string() }))
      .mutation(({ input }) => ({ token: `of ${input.service}`, expiresAt: new Date(Date.now() + 600_000) })),
  }),
  log: router({
    heads: publicProcedure.query(({ ctx }) => logHeads(ctx.log)),
    read: publicProcedure.input(LogRead).query(({ ctx, input }) => readLog(ctx.log, input)),
    stream: publicProcedure.input(StreamRead).query(({ ctx, input }) => readStream(ctx.log, input)),
  }),
});

/** For tests: as much of the cart service as a process of another one asks of it, with a log that the test writes. */
export const servedLog = (log: PostgresEventLog): ServedApp => {
  const app = serviceApp({ logger: silentLogger });
  const createContext = async () => ({ principal: undefined, correlationId: "test", logger: silentLogger, log });
  app.all("/trpc/*", trpcHandler({ router: owner, createContext }));
  return serve({ app, port: 0, hostname: "127.0.0.1", variable: "CART_PORT" });
};
