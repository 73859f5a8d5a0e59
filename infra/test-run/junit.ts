/** What a run said of its tests; failed and skipped ones by their full names. */
export type TestReport = { passed: number; failed: readonly string[]; skipped: readonly string[] };

const testCase = /<testcase\b((?:[^>"]|"[^"]*")*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g;
const entities: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&", "#10": "\n", "#39": "'" };

/**
 * Reads a JUnit report of `bun test` or vitest. It counts test cases and not the sums in the root element, because a
 * suite's sums leave out what its hooks did.
 */
export const parseJunit = (xml: string): TestReport => {
  let passed = 0;
  const failed: string[] = [];
  const skipped: string[] = [];
  for (const [, attributes = "", body = ""] of xml.matchAll(testCase)) {
    if (/<(failure|error)\b/.test(body)) failed.push(nameOf(attributes));
    else if (/<skipped\b/.test(body)) skipped.push(nameOf(attributes));
    else passed += 1;
  }
  return { passed, failed, skipped };
};

const nameOf = (attributes: string): string =>
  [attribute(attributes, "classname"), attribute(attributes, "name")].filter((part) => part !== "").join(" > ");

const attribute = (attributes: string, name: string): string => {
  const value = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1] ?? "";
  return value.replace(/&([a-z]+|#\d+);/g, (entity, code: string) => entities[code] ?? entity);
};
