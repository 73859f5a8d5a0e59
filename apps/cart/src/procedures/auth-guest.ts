import { publicProcedure } from "../context.ts";

export const authGuest = publicProcedure.mutation(({ ctx }) => ctx.services.auth.guest());
