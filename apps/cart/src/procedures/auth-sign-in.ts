import * as z from "zod";
import { Email } from "../auth/account-store.ts";
import { publicProcedure } from "../context.ts";
import { unwrap } from "../refusals.ts";

/** The length is bounded, not the password's strength: this is no place to say what a password must be. */
export const SignInInput = z.strictObject({ email: Email, password: z.string().min(1).max(1024) });

export const authSignIn = publicProcedure
  .input(SignInInput)
  .mutation(async ({ ctx, input }) => unwrap(await ctx.services.auth.signIn(input)));
