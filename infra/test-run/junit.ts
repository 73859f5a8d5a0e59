/** What a run said of its tests; failed and skipped ones by their full names. */
export type TestReport = { passed: number; failed: readonly string[]; skipped: readonly string[]; durationMs: number };

type TestCase = { file: string; name: string; outcome: "passed" | "failed" | "skipped"; durationMs: number };

const testCase = /<testcase\b((?:[^>"]|"[^"]*")*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g;
const entities: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&", "#10": "\n", "#39": "'" };

/**
 * Reads a JUnit report of `bun test` or vitest. It counts test cases and not the sums in the root element, because a
 * suite's sums leave out what its hooks did.
 */
export const parseJunit = (xml: string): TestReport => reportOf(casesIn(xml));

/** The same for each of the files that the report tells of, which are named as `bun test` was told them, without `./`. */
export const parseJunitByFile = (xml: string): ReadonlyMap<string, TestReport> => {
  const byFile = Map.groupBy(casesIn(xml), ({ file }) => file);
  return new Map([...byFile].map(([file, cases]) => [file, reportOf(cases)]));
};

const reportOf = (cases: readonly TestCase[]): TestReport => {
  const namesOf = (outcome: TestCase["outcome"]) => cases.filter((one) => one.outcome === outcome).map(({ name }) => name);
  return {
    passed: namesOf("passed").length,
    failed: namesOf("failed"),
    skipped: namesOf("skipped"),
    durationMs: cases.reduce((sum, { durationMs }) => sum + durationMs, 0),
  };
};

const casesIn = (xml: string): readonly TestCase[] =>
  [...xml.matchAll(testCase)].map(([, attributes = "", body = ""]) => ({
    file: attribute(attributes, "file"),
    name: [attribute(attributes, "classname"), attribute(attributes, "name")].filter((part) => part !== "").join(" > "),
    outcome: /<(failure|error)\b/.test(body) ? "failed" : /<skipped\b/.test(body) ? "skipped" : "passed",
    durationMs: Number(attribute(attributes, "time")) * 1000,
  }));

const attribute = (attributes: string, name: string): string => {
  const value = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1] ?? "";
  return value.replace(/&([a-z]+|#\d+);/g, (entity, code: string) => entities[code] ?? entity);
};
