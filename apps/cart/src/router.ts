import { router } from "./context.ts";

export const cartServiceRouter = router({
  auth: router({}),
  catalog: router({}),
  cart: router({}),
});
export type CartServiceRouter = typeof cartServiceRouter;
