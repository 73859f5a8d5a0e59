import { newCartId } from "@cartwright/client/ids";
import { cartwrightApi, cartwrightAuth } from "../shop/cartwright-api.ts";
import { catalogue } from "../shop/catalogue.ts";
import { oneAtATime } from "../shop/one-at-a-time.ts";
import { seenProducts } from "../shop/seen-products.ts";
import { session } from "../shop/session.ts";
import { shop } from "../shop/shop.ts";
import { sessionStore } from "../shop/stored-session.ts";
import { currencyChoice } from "./currency-choice.ts";
import { pageQuery } from "./page-query.ts";
import { sharedRecord } from "./shared-record.ts";
import type { ShopPage } from "./shop-page.tsx";

/** Puts the shop of this window together: everything that the page is about, without anything that is drawn. */
export const openShopPage = (): ShopPage => {
  const auth = cartwrightAuth("/");
  const store = sessionStore({ storage: localStorage, shared: sharedRecord("cartwright", "session"), events: window });
  const open = shop({
    auth,
    session: session({ auth, store, newCartId, alone: inAllWindows() }),
    apiFor: (token) => cartwrightApi("/", token),
    newCartId,
  });
  const list = catalogue((request, signal) => open.getSnapshot().api.list(request, signal));
  const seen = seenProducts();
  list.subscribe(() => seen.see(list.getSnapshot().items));
  return { shop: open, catalogue: list, query: pageQuery(), currency: currencyChoice(), seen };
};

/** Web Locks, where there are any: outside of HTTPS and localhost there are none, and each window is careful by itself. */
const inAllWindows = (): ReturnType<typeof oneAtATime> => {
  const { locks } = navigator as { locks?: LockManager };
  if (!locks) return oneAtATime();
  return (work) => locks.request("cartwright.session", work);
};
