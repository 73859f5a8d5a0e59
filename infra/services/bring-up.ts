import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type InstanceLock, takeInstanceLock } from "@cartwright/service-kit/node/instance-lock";
import { until } from "@cartwright/testkit/until";
import { dockerEnvironment, runDocker } from "./docker.ts";
import { type ServiceName, serviceNames, services } from "./services.ts";
import { type StartedService, startServices } from "./start-services.ts";

export type BringUpOptions = {
  /** Where the servers of a machine without Docker keep what they have. */
  readonly folder: string;
  /** Which of them; all, unless given. */
  readonly names?: readonly ServiceName[];
  /** What runs `infra/docker-compose.yml`, where a Docker engine answers. */
  readonly compose: readonly string[] | undefined;
};

/** Starts what does not run yet, by Docker where it is there, and answers when each takes requests or has failed. */
export const bringUp = async ({ folder, names = serviceNames, compose }: BringUpOptions): Promise<readonly StartedService[]> => {
  if (!compose) return await startServices(folder, names);
  runDocker([...compose, "up", "--detach", "--wait", ...names]);
  return names.map((name) => {
    const { variable } = services[name];
    return { name, variable, outcome: { kind: "inDocker", ...dockerEnvironment[name] } };
  });
};

/** One at a time starts or stops the servers of a folder. */
export const aloneIn = (folder: string): Promise<InstanceLock> => {
  mkdirSync(folder, { recursive: true });
  return until(() => takeInstanceLock(join(folder, "lock")), { timeoutMs: 200_000, what: "the end of another services:up" });
};
