import { type LogEntry, type logCreator, logLevel } from "kafkajs";
import type { Logger } from "../observability.ts";

/**
 * Sends what kafkajs logs through `logger`, at its real severity. kafkajs calls an error whatever went wrong once, also where
 * it tries again by itself: a coordinator that is still loading, a leader that is being elected, a broker that restarts.
 * What it gives up on is thrown, and said there.
 */
export const kafkaLogCreator =
  (logger: Logger): logCreator =>
  () =>
  (entry) => {
    const { message, timestamp: _, logger: __, stack: ___, ...fields } = entry.log;
    logger[severityOf(entry)]({ kafka: entry.namespace, ...fields }, message);
  };

type Severity = "info" | "warn" | "error";

/** What a broker answers while it gets ready or a partition moves to another one. */
const passing =
  /coordinator is (?:not available|loading)|not the correct coordinator|not aware of this member|no leader for this topic-partition|leadership election|not the leader|does not host this topic-partition|group is rebalancing|needs to be restarted|rebalance/i;

/** A promise to repeat for ever, which we break on purpose: the relay begins anew instead. */
const ours = /Limiting retries for the idempotent producer/;

/** Not about brokers: a bug in a callback of ours. */
const bug = /^Error when calling|^Failed to execute listener/;

const severityOf = ({ level, log }: LogEntry): Severity => {
  if (bug.test(log.message)) return "error";
  if (ours.test(log.message) || passing.test(log.message) || passing.test(String(log.error ?? ""))) return "info";
  return level >= logLevel.INFO ? "info" : "warn";
};
