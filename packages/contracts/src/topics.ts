/** The topic on which each service publishes its log. */
export const topics = {
  cart: "cart.events",
  billing: "billing.events",
  fraud: "fraud.events",
  notification: "notification.events",
} as const;

/** A service that owns a log. */
export type LogName = keyof typeof topics;
