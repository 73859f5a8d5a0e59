import type { PaymentId } from "@cartwright/contracts/ids";

/** The names of all keys of one version of the figures; `docs/redis-keys.md` says what is in them. */
export const figuresKeys = (prefix: string, version: number) => {
  const figures = `${prefix}figures:${version}:`;
  return {
    every: `${figures}*`,
    everyMark: `${figures}mark:*`,
    days: `${figures}days`,
    countsPrefix: `${figures}counts:`,
    mark: (log: string, shard: number) => `${figures}mark:${log}:${shard}`,
    payment: (paymentId: PaymentId) => `${figures}payment:${paymentId}`,
    drained: (log: string, streamId: string) => `${figures}drained:${log}:${streamId}`,
  };
};
