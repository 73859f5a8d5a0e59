export type Arrows = {
  /** Workspaces whose values it may import, by the last part of their names. */
  imports: readonly string[];
  /** Workspaces of which it may `import type` and no more. */
  types?: readonly string[];
  /** Packages from the registry that it may import; absent: any. */
  registry?: readonly string[];
};

const domain = ["contracts", "decider", "cart-domain"];
const runtime = ["event-log", "messaging", "read-model", "service-kit"];
const apps = ["cart", "billing", "fraud", "notification", "projector", "storefront", "all-in-one"];

/** The dependency policy, whole. What is absent is forbidden; tests may use `testkit` besides. */
export const arrows: Record<string, Arrows> = {
  "packages/contracts": { imports: [], registry: ["zod"] },
  "packages/decider": { imports: [], registry: [] },
  "packages/failures": { imports: [], registry: [] },
  "packages/cart-domain": { imports: ["contracts", "decider"], registry: [] },
  "packages/event-log": { imports: ["decider", "failures"] },
  "packages/messaging": { imports: ["event-log", "failures"] },
  "packages/read-model": { imports: ["contracts", "cart-domain", "event-log"] },
  "packages/client": {
    imports: domain,
    types: ["cart", "billing", "fraud", "notification", "projector"],
    registry: ["@trpc/client", "@trpc/server", "@trpc/server/observable"],
  },
  "packages/service-kit": { imports: ["failures"] },
  "packages/testkit": { imports: ["service-kit"] },
  "apps/cart": { imports: [...domain, ...runtime] },
  "apps/billing": { imports: ["contracts", "decider", ...runtime] },
  "apps/fraud": { imports: ["contracts", "decider", ...runtime] },
  "apps/notification": { imports: ["contracts", "decider", ...runtime] },
  "apps/projector": { imports: [...domain, ...runtime] },
  "apps/all-in-one": { imports: [...domain, ...runtime, "cart", "billing", "fraud", "notification", "projector", "storefront"] },
  "apps/storefront": { imports: [...domain, "client", "service-kit"] },
  e2e: { imports: [...domain, ...runtime, "client", "testkit", "infra"], types: apps },
  infra: { imports: [...domain, ...runtime, ...apps, "testkit"] },
};
