import type { SubjectId } from "@cartwright/contracts/ids";
import type { PersonalDigest } from "../checkouts/sealing.ts";
import { canonicalJson } from "./canonical-json.ts";

/**
 * An input with one digest in place of what it says of a person. What a command is known by is kept for as long as its key: an e-mail in
 * it, though only as a hash, could be tried by whoever has a list of e-mails, and would outlive the person's own wish to be forgotten. For a
 * person without a key no command was ever kept: what stands for theirs is like nothing else.
 */
export const digestedInput = async <Input extends object>(
  digest: PersonalDigest,
  { owner, input, personal }: { readonly owner: SubjectId; readonly input: Input; readonly personal: readonly (keyof Input)[] },
): Promise<object> => {
  const entries = Object.entries(input);
  const isPersonal = ([name]: [string, unknown]) => (personal as readonly string[]).includes(name);
  const said = entries.filter((entry) => isPersonal(entry) && entry[1] !== undefined);
  const rest = Object.fromEntries(entries.filter((entry) => !isPersonal(entry)));
  if (said.length === 0) return rest;
  return { ...rest, personal: (await digest(owner, canonicalJson(Object.fromEntries(said)))) ?? crypto.randomUUID() };
};
