import type { PaymentId } from "@cartwright/contracts/ids";

/** What we call a refund of ours, at the provider too. */
export const refundIdOf = (paymentId: PaymentId, ordinal: number): string => `${paymentId}.r${ordinal}`;

/** Which refund of ours it is; null where it was made at the provider. */
export const refundOrdinalOf = (refundId: string): number | null => {
  const [, ordinal] = /\.r([1-9]\d*)$/.exec(refundId) ?? [];
  return ordinal === undefined ? null : Number(ordinal);
};
