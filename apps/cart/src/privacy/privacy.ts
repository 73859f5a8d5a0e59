import { type ExportDeps, exportSubject } from "./export-subject.ts";
import { findSubjects } from "./find-subjects.ts";
import { type ForgetDeps, forgetSubject } from "./forget-subject.ts";
import type { Sealer } from "./sealer.ts";

/** What persons may ask about what is known of them, and what services may read of it. */
export type Privacy = ReturnType<typeof privacy>;

export const privacy = (deps: ExportDeps & ForgetDeps & { readonly sealer: Sealer }) => ({
  export: exportSubject(deps),
  forget: forgetSubject(deps),
  find: findSubjects(deps),
  seal: deps.sealer.seal,
  open: deps.sealer.open,
});
