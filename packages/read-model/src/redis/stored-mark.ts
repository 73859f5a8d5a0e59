/** How far a projection has come on one shard; the same as the consumer runtime's mark. */
export type StoredMark = { readonly epoch: string; readonly position: bigint; readonly eventId: string | null };

/** As it stands in Redis, without the position from which the shard is ready. */
export const markText = ({ epoch, position, eventId }: StoredMark): string => `${epoch} ${position} ${eventId ?? "-"}`;

/** Null for what is none. A shard is ready once it has everything that was in the log when its filling began. */
export const parseMark = (text: string | null | undefined): (StoredMark & { readonly isReady: boolean }) | null => {
  const [, epoch, position, eventId, readyAt] = /^(\S+) (\d+) (\S+) (\d+)$/.exec(text ?? "") ?? [];
  if (epoch === undefined || position === undefined || eventId === undefined || readyAt === undefined) return null;
  return { epoch, position: BigInt(position), eventId: eventId === "-" ? null : eventId, isReady: BigInt(position) >= BigInt(readyAt) };
};
