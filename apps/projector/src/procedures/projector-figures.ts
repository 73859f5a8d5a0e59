import { Day } from "@cartwright/contracts/day";
import * as z from "zod";
import { withScope } from "../context.ts";

const mostDays = 400;
const dayMs = 86_400_000;
const Days = z
  .strictObject({ from: Day, to: Day })
  .refine(
    ({ from, to }) => from <= to && Date.parse(to) - Date.parse(from) < mostDays * dayMs,
    `must be at most ${mostDays} days, and the first one first`,
  );

/** Carts, orders, revenue, payments and fraud decisions of each day, in UTC, both days included; a moment behind the logs. */
export const projectorFigures = withScope("ops:read")
  .input(Days)
  .query(({ ctx, input }) => ctx.services.figures.between(input));
