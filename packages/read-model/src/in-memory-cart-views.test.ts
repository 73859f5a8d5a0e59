import { cartViewsConformance } from "./cart-views-conformance.ts";
import { inMemoryCartViews } from "./in-memory-cart-views.ts";

cartViewsConformance("in memory", async () => {
  const views = inMemoryCartViews();
  return { views, elsewhere: views, flush: views.flush, [Symbol.asyncDispose]: async () => {} };
});
