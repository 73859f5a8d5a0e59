/** The version that a subscriber says to have; null where the stream never had it. `head` is the stream's own. */
export const knownVersion = (lastEventId: string | undefined, head: number): number | null => {
  if (lastEventId === undefined || !/^(?:0|[1-9]\d{0,14})$/.test(lastEventId)) return null;
  return Number(lastEventId) <= head ? Number(lastEventId) : null;
};
