import { withScope } from "../context.ts";
import { projectionLag } from "../projection-lag.ts";

/** How far each projection is behind, in events and seconds. */
export const projectorLag = withScope("ops:read").query(async ({ ctx }) => ({
  projections: await Promise.all(ctx.projections().map((projection) => projectionLag(projection, ctx.now()))),
}));
