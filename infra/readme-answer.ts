import type { BlockRun } from "./readme-blocks.ts";

/**
 * What is wrong with a block's run, or undefined. In an answer `…` stands for anything: alone as a JSON string for any
 * value, within a text for any part of it, as a key for further keys, as an array's last element for further elements.
 */
export const readmeFault = ({ block, exitCode, stdout, stderr }: BlockRun): string | undefined => {
  const where = `README.md, line ${block.line}`;
  if (exitCode === null) return `${where}: it did not end\n${stderr}`;
  if (exitCode !== 0) return `${where}: exit code ${exitCode}\n${stdout}\n${stderr}`;
  if (block.answer === undefined) return undefined;
  const fault =
    block.answer.format === "json" ? jsonFault(block.answer.text, stdout) : textFault(block.answer.text.trim(), stdout.trim(), "it");
  return fault && `${where}: ${fault}\nprinted: ${stdout.trim()}\n${stderr}`;
};

const jsonFault = (expected: string, actual: string): string | undefined => {
  try {
    return valueFault(JSON.parse(expected), JSON.parse(actual), "the answer");
  } catch (error) {
    return `no JSON: ${String(error)}`;
  }
};

const valueFault = (expected: unknown, actual: unknown, at: string): string | undefined => {
  if (expected === "…") return undefined;
  if (typeof expected === "string" && typeof actual === "string") return textFault(expected, actual, at);
  if (Array.isArray(expected) && Array.isArray(actual)) return arrayFault(expected, actual, at);
  if (isObject(expected) && isObject(actual)) return objectFault(expected, actual, at);
  return Object.is(expected, actual) ? undefined : `${at} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`;
};

const arrayFault = (expected: readonly unknown[], actual: readonly unknown[], at: string): string | undefined => {
  const open = expected.at(-1) === "…";
  const listed = open ? expected.slice(0, -1) : expected;
  if (open ? actual.length < listed.length : actual.length !== listed.length) return `${at} has ${actual.length} elements`;
  return firstFault(listed.map((value, index) => valueFault(value, actual[index], `${at}[${index}]`)));
};

type JsonRecord = Readonly<Record<string, unknown>>;

const objectFault = (expected: JsonRecord, actual: JsonRecord, at: string): string | undefined => {
  const listed = Object.keys(expected).filter((key) => key !== "…");
  const further = Object.keys(actual).filter((key) => !listed.includes(key));
  return firstFault([
    ...listed.map((key) => (key in actual ? valueFault(expected[key], actual[key], `${at}.${key}`) : `${at} has no ${key}`)),
    further.length > 0 && !("…" in expected) ? `${at} has ${further.join(", ")} too` : undefined,
  ]);
};

const textFault = (expected: string, actual: string, at: string): string | undefined => {
  const pattern = expected.split("…").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const matches = new RegExp(`^${pattern.join("[\\s\\S]*")}$`).test(actual);
  return matches ? undefined : `${at} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`;
};

const firstFault = (faults: readonly (string | undefined)[]): string | undefined => faults.find((fault) => fault !== undefined);

const isObject = (value: unknown): value is JsonRecord => typeof value === "object" && value !== null && !Array.isArray(value);
