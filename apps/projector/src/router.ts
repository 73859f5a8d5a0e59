import { parkedRouter } from "@cartwright/service-kit/parked-procedures";
import { router } from "./context.ts";
import { projectorFigures } from "./procedures/projector-figures.ts";
import { projectorLag } from "./procedures/projector-lag.ts";

/** Everything that the service does, over tRPC; one file each. */
export const projectorRouter = router({
  projector: router({
    figures: projectorFigures,
    lag: projectorLag,
  }),
  parked: parkedRouter,
});
export type ProjectorRouter = typeof projectorRouter;
