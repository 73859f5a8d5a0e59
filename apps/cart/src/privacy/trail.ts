import type { CartId, SubjectId } from "@cartwright/contracts/ids";

/** All that one person left behind, under whatever names. */
export type Trail = {
  /** The person as they were asked for, and each guest whose cart became part of one of theirs: of the same person, before they signed in. */
  readonly subjects: readonly SubjectId[];
  /** Of all of them, the newest first. */
  readonly cartIds: readonly CartId[];
};

/** By what the log says at this moment, not by what is derived from it. */
export type TrailOf = (subject: SubjectId) => Promise<Trail>;
