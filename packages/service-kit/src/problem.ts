import type { Refusal } from "./refusal.ts";

/** A problem as RFC 9457 has it, with what Cartwright adds. */
export type Problem = {
  readonly status: number;
  /** Short, and the same for every problem of its type. */
  readonly title: string;
  /** Of this occurrence. */
  readonly detail?: string | undefined;
  readonly refusal?: Refusal | undefined;
  /** Where an input is not valid. */
  readonly errors?: readonly InputIssue[] | undefined;
  readonly correlationId?: string | undefined;
};

export type InputIssue = {
  readonly path: readonly (string | number)[];
  readonly message: string;
};

/** A problem as a response. Its `type` names the refusal; where there is none, the status says all. */
export const problem = (problem: Problem, headers: Readonly<Record<string, string>> = {}): Response => {
  const type = problem.refusal === undefined ? "about:blank" : `urn:cartwright:refusal:${problem.refusal.code}`;
  return Response.json(
    { type, ...problem },
    { status: problem.status, headers: { ...headers, "content-type": "application/problem+json" } },
  );
};
