import type { LogReader } from "@cartwright/event-log/event-log";
import { backoffMs } from "../backoff.ts";
import type { Clock } from "../clock.ts";
import { reasonOf } from "../consumer-context.ts";
import type { Logger, Metrics } from "../observability.ts";
import { type Pauses, pauses } from "../pauses.ts";
import type { SourceListener } from "../source.ts";
import { topicOf } from "./event-topic.ts";
import type { KafkaSourceLimits, KafkaSourceOptions } from "./kafka-source.ts";
import { type TopicIntake, topicIntake } from "./topic-intake.ts";
import { openTopicSession, type TopicSession } from "./topic-session.ts";
import { within } from "./within.ts";

export type MembershipOptions = Pick<KafkaSourceOptions, "kafka" | "log" | "groupPrefix"> & {
  limits: KafkaSourceLimits;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  listener: SourceListener;
};

export type Membership = {
  /** What has come in from the topic that is followed now; null before there is one. */
  intake(): TopicIntake | null;
  /** Leaves, or gives up joining. Takes a few seconds at most. */
  close(): Promise<void>;
};

const longestPauseMs = 5_000;
const closeTimeoutMs = 8_000;
const commitTimeoutMs = 2_000;

/** Joins the group again and again until it is closed: after each error, and on the fresh topic of a log with a new epoch. */
export const keepMembership = (options: MembershipOptions): Membership => {
  const { log, groupPrefix, clock, logger, listener } = options;
  const resting = pauses(clock);
  let intake: TopicIntake | null = null;
  let failures = 0;

  /** What has come before is as good as ever where the topic is the same one. */
  const intakeOf = (epoch: string): TopicIntake => {
    if (intake?.epoch === epoch) return intake;
    intake?.close();
    const topic = topicOf({ name: log.name, epoch });
    return topicIntake({ ...options, epoch, topic, groupId: `${groupPrefix}.${listener.group}.${topic}` });
  };
  const join = async (): Promise<void> => {
    const current = intakeOf((await log.heads()).epoch);
    intake = current;
    const { topic, groupId } = current;
    const session = await openTopicSession({
      ...options,
      topic,
      groupId,
      onAssigned(partitions, of) {
        failures = 0;
        logger.info({ topic, groupId, partitions, of: of.partitions }, "joined the group");
        if (!resting.isOver()) current.assigned(partitions, of);
      },
      onMessages: current.take,
    });
    try {
      await stay(session, current, { ...options, resting });
    } finally {
      await commit(session, current, options);
      await session.close();
    }
  };
  const live = async () => {
    while (!resting.isOver()) {
      try {
        await join();
      } catch (error) {
        failures += 1;
        if (!resting.isOver())
          logger.warn({ log: log.name, group: listener.group, failures, error: reasonOf(error) }, "the topic can't be read now");
        await resting.pause(backoffMs(failures, { maxMs: longestPauseMs }));
      }
    }
  };

  const living = live();
  return {
    intake: () => intake,
    async close() {
      resting.end();
      await within(living, { ms: closeTimeoutMs, clock, what: "leaving" }).catch(() => {});
      intake?.close();
    },
  };
};

/** Until the log has another epoch, or the source is closed. @throws what ended the session by itself. */
const stay = async (
  session: TopicSession,
  intake: TopicIntake,
  { log, limits, resting, ...options }: MembershipOptions & { resting: Pauses },
): Promise<void> => {
  let failure: Error | null = null;
  void session.ended.then((error) => {
    failure = error;
    resting.wake();
  });
  while (!resting.isOver()) {
    // It may have ended while nobody rested.
    if (!failure) await resting.pause(limits.lookMs);
    if (failure) throw failure;
    if (resting.isOver() || (await hasMoved(log, intake.epoch))) return;
    await commit(session, intake, options);
  }
};

/** The owner may be away; it is asked again soon. */
const hasMoved = async (log: LogReader, epoch: string): Promise<boolean> => {
  try {
    return (await log.heads()).epoch !== epoch;
  } catch {
    return false;
  }
};

/** Saves whoever begins next some reading, and shows operators how far the group is. */
const commit = async (session: TopicSession, intake: TopicIntake, { clock, logger }: Pick<MembershipOptions, "clock" | "logger">) => {
  const { topic, groupId } = intake;
  const offsets = intake.offsets();
  if (offsets.size === 0) return;
  try {
    await within(session.commit(offsets), { ms: commitTimeoutMs, clock, what: "a commit of offsets" });
  } catch (error) {
    logger.info({ topic, groupId, error: reasonOf(error) }, "the offsets could not be committed");
  }
};
