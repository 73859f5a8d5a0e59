/** How far a group has come on one shard of a log. It never moves back. */
export type Mark = {
  /** Of the log in which `position` was counted. */
  epoch: string;
  /** The last event whose effect is there; 0n before the first. */
  position: bigint;
  /** The id of the event at `position`, by which a restored database is told from the one before it. Null at 0n. */
  eventId: string | null;
};

/** A group is one consumer's name for its progress; it progresses on each log by itself. */
export type GroupOnLog = { group: string; log: string };

export const sameMark = (left: Mark, right: Mark): boolean =>
  left.position === right.position && left.epoch === right.epoch && left.eventId === right.eventId;
