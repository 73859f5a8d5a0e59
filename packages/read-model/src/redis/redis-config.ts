import * as z from "zod";
import { redisConnection } from "./redis-connection.ts";

/** What a service reads of its environment to find the read models, whether it writes them or reads them. */
export const redisConfig = z.object({
  REDIS_CONNECTION_STRING: redisConnection()
    .optional()
    .describe(
      "A Redis for the read models: `host:port[,password=…,ssl=true]`, `redis://…`, `rediss://…`, or `https://…` of Upstash. Absent: they are in PostgreSQL.",
    ),
  UPSTASH_REDIS_REST_TOKEN: z.string().min(1).optional().describe("The token of an Upstash that is reached by `https://…`."),
  REDIS_TLS_CA: z
    .string()
    .transform((text) => text.replaceAll("\\n", "\n"))
    .refine((text) => text.includes("-----BEGIN CERTIFICATE-----"), "is no certificate in PEM")
    .optional()
    .describe(
      "For `rediss://` to a server of a private authority: that authority's certificate, in PEM; line breaks may be written `\\n`.",
    ),
});
