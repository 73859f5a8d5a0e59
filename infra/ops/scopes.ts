import { exportScope } from "@cartwright/contracts/privacy-export";

/** Every scope that something asks for, and what a token that has it may do beside what its subject may. */
export const scopes: Readonly<Record<string, string>> = {
  "cart:price": "act for the shoppers that it names, at prices of its own",
  "cart:support": "see and change the carts and orders of others, with a reason that is kept",
  "catalog:write": "put and retire products",
  "shop:write": "put and retire coupons, shipping methods and tax rates",
  "stock:write": "see, set and adjust stock",
  "billing:read": "see payments",
  "billing:write": "capture, void, refund and reconcile payments",
  "fraud:read": "see assessments",
  "notification:read": "see the mailbox",
  "ops:read": "see figures, lag and what is parked",
  "ops:write": "retry and discard what is parked",
  "privacy:manage": "find, export and forget persons",
  "privacy:open": "open sealed personal data, as notifications do",
  "log:read": "read a service's log, as the other services do",
  [exportScope]: "be the cart service to the others, as for an export of a person",
};

/** Of a service's token, of which no procedure asks it but the cart's. */
const serviceScopes = ["service:billing", "service:fraud", "service:notification", "service:projector"];

export const isScope = (text: string): boolean => Object.hasOwn(scopes, text) || serviceScopes.includes(text);
