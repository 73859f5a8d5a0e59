import type * as z from "zod";
import type { Environment } from "./config.ts";

/**
 * Variables that none of the schemas reads and that look like one which they do read: `CART_PROT`. One line each, to be told where a process
 * starts; no more than that, since what the environment holds besides is for other programs.
 */
export const misspeltVariables = (schemas: readonly z.ZodObject[], environment: Environment): readonly string[] => {
  const known = new Set(schemas.flatMap(({ shape }) => Object.keys(shape)));
  return Object.keys(environment)
    .filter((variable) => !known.has(variable))
    .flatMap((variable) => {
      const meant = [...known].find((name) => environment[name] === undefined && isAlike(variable.toUpperCase(), name));
      return meant === undefined ? [] : [`${variable} is set and is read by nothing here: is ${meant} meant?`];
    });
};

/** One slip of the finger: a letter that is missing, too many or wrong, or two that are swapped. Short names are common words. */
const isAlike = (variable: string, name: string): boolean => {
  if (name.length < 5) return false;
  const [shorter, longer] = variable.length < name.length ? [variable, name] : [name, variable];
  let start = 0;
  while (start < shorter.length && shorter[start] === longer[start]) start += 1;
  let end = 0;
  while (end < shorter.length - start && shorter.at(-1 - end) === longer.at(-1 - end)) end += 1;
  const [left, right] = [shorter.slice(start, shorter.length - end), longer.slice(start, longer.length - end)];
  const isSwapped = left.length === 2 && left === [...right].reverse().join("");
  return right.length <= 1 || isSwapped;
};
