import type { ExistingPayment } from "./payment.ts";

/** The provider's name for an authorized payment. @throws when its events contradict each other. */
export const referenceOf = ({ paymentId, providerReference }: ExistingPayment): string => {
  if (providerReference === null) throw new Error(`Payment ${paymentId} was never authorized`);
  return providerReference;
};
