import type { AnyTRPCRouter } from "@trpc/server";
import type { Access } from "./access.ts";

/** What each procedure of a router says of who may call it, by its path; for a test that no new one forgets. */
export const routerAccess = (router: AnyTRPCRouter): ReadonlyMap<string, Access | undefined> =>
  new Map(Object.entries(router._def.procedures).map(([path, procedure]) => [path, accessOf(procedure)]));

/** A router keeps its procedures, and what they say, without their types. */
const accessOf = (procedure: unknown): Access | undefined => (procedure as { meta?: { access?: Access } }).meta?.access;
