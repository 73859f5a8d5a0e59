import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { ServiceError } from "./service-error.ts";

/** The command that runs `infra/docker-compose.yml`, where a Docker engine answers. */
export const dockerCompose = (): readonly string[] | undefined => {
  if (!succeeds(["docker", "info"])) return undefined;
  const program = [["docker", "compose"], ["docker-compose"]].find((candidate) => succeeds([...candidate, "version"]));
  return program && [...program, "--file", COMPOSE_FILE];
};

/** @throws {ServiceError} when it fails; what it printed has been seen by then. */
export const runDocker = ([program = "", ...args]: readonly string[]): void => {
  const { status } = spawnSync(program, args, { stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new ServiceError(`${[program, ...args].join(" ")} failed`);
};

/** What `infra/docker-compose.yml` offers on this machine. */
export const dockerEnvironment: Readonly<Record<string, string>> = {
  KAFKA_BOOTSTRAP_SERVERS: "127.0.0.1:9092",
  POSTGRES_CONNECTION_STRING: "postgres://cartwright:cartwright@127.0.0.1:5432/cartwright",
  REDIS_CONNECTION_STRING: "127.0.0.1:6379",
};

export const COMPOSE_FILE = resolve(import.meta.dirname, "../docker-compose.yml");

const succeeds = ([program = "", ...args]: readonly string[]): boolean =>
  spawnSync(program, args, { stdio: "ignore", timeout: 10_000 }).status === 0;
