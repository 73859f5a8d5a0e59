import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, globSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { takeInstanceLock } from "@cartwright/service-kit/node/instance-lock";
import { hasProgram } from "./has-program.ts";
import { ServerUnavailable } from "./server-unavailable.ts";
import { until } from "./until.ts";

/**
 * Stripe's own stripe-mock, which holds each request against Stripe's description of its API: the one on the PATH, or built once by Go and
 * kept in `.cache`; one of several that ask at once does the work.
 *
 * @throws {ServerUnavailable} when it is not there yet and Go is missing, or fails.
 */
export const stripeMockProgram = async (): Promise<string> => {
  if (hasProgram("stripe-mock")) return "stripe-mock";
  if (existsSync(BUILT)) return BUILT;
  mkdirSync(CACHE, { recursive: true });
  using _lock = await until(() => takeInstanceLock(join(CACHE, "lock")), { timeoutMs: 240_000, what: "another's build of stripe-mock" });
  if (!existsSync(BUILT)) await build();
  return BUILT;
};

/** Whether it is there, or can be built. */
export const stripeMockCanBeHad = (): boolean => hasProgram("stripe-mock") || existsSync(BUILT) || hasProgram("go");

const VERSION = "v0.203.0";
/** What that version asks of Go at least. Debian's is older, and can fetch this one as a module. */
const GO = { minor: 22, toolchain: "v0.0.1-go1.22.12" };

const CACHE = resolve(import.meta.dirname, "../../../.cache/stripe-mock");
const BUILT = join(CACHE, `stripe-mock-${VERSION}`);

/** Whole or not at all: half of it must not be taken for the whole after a kill. */
const build = async (): Promise<void> => {
  const unfinished = join(CACHE, "unfinished");
  rmSync(unfinished, { recursive: true, force: true });
  const go = await newEnoughGo();
  await run([...go, "install", `github.com/stripe/stripe-mock@${VERSION}`], { GOBIN: unfinished });
  renameSync(join(unfinished, "stripe-mock"), BUILT);
};

const newEnoughGo = async (): Promise<[string]> => {
  if (!hasProgram("go")) throw new ServerUnavailable("stripe-mock is built by Go, and there is no go");
  const [, minor] = /go1\.(\d+)/.exec(await run(["go", "version"])) ?? [];
  if (Number(minor) >= GO.minor) return ["go"];
  const toolchain = `golang.org/toolchain@${GO.toolchain}.${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;
  // Checked by Go itself against the sums of the module.
  const { Dir: folder } = JSON.parse(await run(["go", "mod", "download", "-json", toolchain])) as { Dir: string };
  // A module has no programs in it: what are some has to be said.
  for (const program of globSync([join(folder, "bin/*"), join(folder, "pkg/tool/*/*")])) chmodSync(program, 0o755);
  return [join(folder, "bin/go")];
};

const run = async ([go, ...args]: readonly [string, ...string[]], environment: Record<string, string> = {}): Promise<string> => {
  // GOROOT and what else is said of the Go on the PATH is not true of another, and there need not be a C compiler.
  const env = { ...process.env, GOROOT: "", GOFLAGS: "", CGO_ENABLED: "0", ...environment };
  const child = spawn(go, args, { cwd: CACHE, env, stdio: ["ignore", "pipe", "pipe"] });
  const [said, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  if (code === 0) return said;
  // Whose mirror a machine uses is nobody's business in a log.
  throw new ServerUnavailable(
    `Go cannot build stripe-mock: ${errors
      .replaceAll(/https?:\/\/\S+/g, "…")
      .trim()
      .slice(-300)}`,
  );
};
