import { router } from "./context.ts";
import { authGuest } from "./procedures/auth-guest.ts";
import { authRefresh } from "./procedures/auth-refresh.ts";
import { authServiceToken } from "./procedures/auth-service-token.ts";
import { authSignIn } from "./procedures/auth-sign-in.ts";
import { authSignOut } from "./procedures/auth-sign-out.ts";
import { catalogGet } from "./procedures/catalog-get.ts";
import { catalogList } from "./procedures/catalog-list.ts";
import { catalogPut } from "./procedures/catalog-put.ts";
import { catalogPutMany } from "./procedures/catalog-put-many.ts";
import { catalogRetire } from "./procedures/catalog-retire.ts";

export const cartServiceRouter = router({
  auth: router({ guest: authGuest, signIn: authSignIn, refresh: authRefresh, signOut: authSignOut, serviceToken: authServiceToken }),
  catalog: router({ list: catalogList, get: catalogGet, put: catalogPut, putMany: catalogPutMany, retire: catalogRetire }),
  cart: router({}),
});
export type CartServiceRouter = typeof cartServiceRouter;
