import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import type { Told } from "./keeper.ts";
import { ServiceError } from "./service-error.ts";
import type { ServiceName } from "./services.ts";

/**
 * The command that runs `infra/docker-compose.yml`, where a Docker engine answers. The first Compose can't wait until a
 * server takes requests, and counts as none.
 */
export const dockerCompose = (): readonly string[] | undefined => {
  if (!succeeds(["docker", "info"])) return undefined;
  const program = [["docker", "compose"], ["docker-compose"]].find((candidate) => canWait(candidate));
  return program && [...program, "--file", COMPOSE_FILE];
};

/** @throws {ServiceError} when it fails; what it printed has been seen by then. */
export const runDocker = ([program = "", ...args]: readonly string[]): void => {
  const { status } = spawnSync(program, args, { stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new ServiceError(`${[program, ...args].join(" ")} failed`);
};

/** What `infra/docker-compose.yml` offers on this machine, by server. */
export const dockerEnvironment: Readonly<Record<ServiceName, Told>> = {
  kafka: { value: "127.0.0.1:9092" },
  postgres: { value: "postgres://cartwright:cartwright@127.0.0.1:5432/cartwright" },
  redis: { value: "127.0.0.1:6379" },
  mail: { value: "smtp://127.0.0.1:1025", note: "mails at http://127.0.0.1:8025" },
};

export const COMPOSE_FILE = resolve(import.meta.dirname, "../docker-compose.yml");

const succeeds = ([program = "", ...args]: readonly string[]): boolean =>
  spawnSync(program, args, { stdio: "ignore", timeout: 10_000 }).status === 0;

const canWait = ([program = "", ...args]: readonly string[]): boolean =>
  spawnSync(program, [...args, "up", "--help"], { encoding: "utf8", timeout: 10_000 }).stdout?.includes("--wait") ?? false;
