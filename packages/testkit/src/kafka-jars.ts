import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { takeInstanceLock } from "@cartwright/service-kit/node/instance-lock";
import { hasProgram } from "./has-program.ts";
import { ServerUnavailable } from "./server-unavailable.ts";
import { until } from "./until.ts";

/**
 * The folder that holds Apache Kafka, as `infra/kafka/pom.xml` names it. Maven resolves it once; it is kept in `.cache`,
 * under a name of its own for each content of that file, and one of several that ask at once does the work.
 *
 * @throws {ServerUnavailable} when it is not there yet and Maven is missing, or fails.
 */
export const kafkaJars = async (): Promise<string> => {
  const folder = jarFolder();
  if (existsSync(folder)) return folder;
  mkdirSync(CACHE, { recursive: true });
  using _lock = await until(() => takeInstanceLock(join(CACHE, "lock")), { timeoutMs: 120_000, what: "another's download of Kafka" });
  if (!existsSync(folder)) await download(folder);
  return folder;
};

/** Whether Kafka is in the cache, or can be brought there. */
export const kafkaJarsCanBeHad = (): boolean => existsSync(jarFolder()) || hasProgram("mvn");

const CHECKOUT = resolve(import.meta.dirname, "../../..");
const POM = join(CHECKOUT, "infra/kafka/pom.xml");
const CACHE = join(CHECKOUT, ".cache/kafka");

const jarFolder = (): string => join(CACHE, createHash("sha256").update(readFileSync(POM)).digest("hex").slice(0, 12));

/** Whole or not at all: half of it must not be taken for the whole after a kill. */
const download = async (folder: string): Promise<void> => {
  const unfinished = join(CACHE, "unfinished");
  rmSync(unfinished, { recursive: true, force: true });
  const goal = ["dependency:copy-dependencies", `-DoutputDirectory=${unfinished}`, "-DincludeScope=runtime"];
  const problem = await problemOf(["mvn", "--quiet", "--batch-mode", `--file=${POM}`, ...goal]);
  if (problem !== undefined) throw new ServerUnavailable(`Maven cannot fetch Apache Kafka: ${problem}`);
  renameSync(unfinished, folder);
};

const problemOf = async ([program = "", ...args]: readonly string[]): Promise<string | undefined> => {
  if (!hasProgram(program)) return `there is no ${program}`;
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  if (code === 0) return undefined;
  const said = `${output}${errors}`.split("\n").find((line) => line.startsWith("[ERROR]")) ?? "";
  // Whose mirror a machine uses is nobody's business in a log.
  return `exit code ${code} ${said.replaceAll(/https?:\/\/\S+/g, "…")}`.trim().slice(0, 300);
};
