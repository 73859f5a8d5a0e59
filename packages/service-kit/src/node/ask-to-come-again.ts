export type Askable = { send(message: string): void };

/**
 * Asks clients of tRPC to open another connection, each at a time of its own within half of `graceMs`: asked all at once,
 * they would come to the next process all at once. What they have begun here may end meanwhile. Resolves when all have gone,
 * or when `graceMs` are over.
 */
export const askToComeAgain = async (
  clients: Iterable<Askable>,
  { graceMs, emptied }: { readonly graceMs: number; readonly emptied: Promise<void> },
): Promise<void> => {
  const grace = Promise.withResolvers<void>();
  const timers = [setTimeout(grace.resolve, graceMs)];
  for (const client of clients) timers.push(setTimeout(() => client.send(RECONNECT), (Math.random() * graceMs) / 2));
  await Promise.race([emptied, grace.promise]);
  for (const timer of timers) clearTimeout(timer);
};

const RECONNECT = JSON.stringify({ id: null, method: "reconnect" });
