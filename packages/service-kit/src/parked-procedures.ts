import * as z from "zod";
import type { CallContext } from "./call-context.ts";
import { requestRefused } from "./request-refusal.ts";
import { trpcFor } from "./trpc.ts";

/** A stream that waits for an operator: the event that failed for a group, and all later ones of the stream. */
export type ParkedStream = StreamRef & {
  readonly shard: number;
  /** `retrying`: asked for, and under way. */
  readonly state: "parked" | "retrying";
  /** What the first event failed with. */
  readonly reason: string;
  readonly attempts: number;
  readonly parkedAt: Date;
  /** Events that are neither done nor discarded. */
  readonly waiting: number;
};

export type ParkedEvent = {
  readonly epoch: string;
  readonly event: { readonly eventId: string; readonly type: string; readonly data: object; readonly version: number };
  readonly parkedAt: Date;
  readonly discarded: { readonly reason: string; readonly by: string; readonly at: Date } | null;
};

export type StreamRef = { readonly group: string; readonly log: string; readonly streamId: string };

/** What an operator may do about the parked streams of a service. */
export type ParkedStreams = {
  list(filter?: { group?: string; log?: string }): Promise<readonly ParkedStream[]>;
  inspect(stream: StreamRef, limit?: number): Promise<readonly ParkedEvent[]>;
  retry(stream: StreamRef): Promise<boolean>;
  discard(stream: StreamRef, decision: { eventId: string; reason: string; by: string }): Promise<boolean>;
};

/** Of a service that handles nobody's events. */
export const nothingParked: ParkedStreams = {
  list: async () => [],
  inspect: async () => [],
  retry: async () => false,
  discard: async () => false,
};

const { router, withScope } = trpcFor<CallContext & { readonly services: { readonly parking: ParkedStreams } }>();

const name = z.string().min(1).max(500);
const StreamInput = z.strictObject({ group: name, log: name, streamId: name });

/** Every stream that waits for an operator, of all groups or of one. */
const list = withScope("ops:read")
  .input(z.strictObject({ group: name.optional(), log: name.optional() }).optional())
  .query(async ({ ctx, input: { group, log } = {} }) => {
    const streams = await ctx.services.parking.list({ ...(group !== undefined && { group }), ...(log !== undefined && { log }) });
    return { streams };
  });

/** The queue of one, oldest first; those that were discarded are in it, as the record of a decision. */
const inspect = withScope("ops:read")
  .input(StreamInput.extend({ limit: z.int().min(1).max(500).default(100) }))
  .query(async ({ ctx, input: { limit, ...stream } }) => ({ events: await ctx.services.parking.inspect(stream, limit) }));

/** Asks whoever holds the shard to try the queue again, in order. */
const retry = withScope("ops:write")
  .input(StreamInput)
  .mutation(async ({ ctx, input }) => {
    if (!(await ctx.services.parking.retry(input))) throw requestRefused({ code: "NotFound" });
    return { retrying: true as const };
  });

/** Gives one event up for the group, for good. */
const discard = withScope("ops:write")
  .input(StreamInput.extend({ eventId: z.uuid(), reason: z.string().trim().min(1).max(500) }))
  .mutation(async ({ ctx, input: { eventId, reason, ...stream } }) => {
    const isDone = await ctx.services.parking.discard(stream, { eventId, reason, by: ctx.principal.subject });
    if (!isDone) throw requestRefused({ code: "NotFound" });
    return { discarded: true as const };
  });

/** The same in every service: its context has `services.parking`. */
export const parkedRouter = router({ list, inspect, retry, discard });
