import { until } from "@cartwright/testkit/until";
import type { DistributedSystem } from "./distributed-system.ts";
import type { RunningService, ServiceName } from "./running-service.ts";

type Exit = Awaited<RunningService["exited"]>;

export type Rolling = {
  /**
   * Tells the process whose sessions are called so to go, and answers once it knows that it has to; `gone` is how it went. Another one is
   * started in its place, and until that is ready the other one of the service stays.
   */
  replace(session: string): Promise<{ readonly gone: Promise<Exit> }>;
  /** Rejects when one that was started is not ready in time: what waits for it would wait in vain. */
  readonly failure: Promise<never>;
  /** Back to one process of each service; how the others went. */
  end(): Promise<readonly Exit[]>;
};

/** Services of which there are two processes each now, to be replaced one at a time. */
export const rolling = async (system: DistributedSystem, services: readonly ServiceName[]): Promise<Rolling> => {
  const replicas = new Map(await Promise.all(services.map(async (service) => [service, await system.replica(service)] as const)));
  const starting = new Map<ServiceName, Promise<void>>();
  const { promise: failure, reject: fail } = Promise.withResolvers<never>();
  failure.catch(() => {});
  const replicaOf = (service: ServiceName) => replicas.get(service) ?? system.process(service);
  return {
    failure,
    async replace(session) {
      // It may be the one that has just come up.
      await Promise.all(starting.values());
      const all = services.flatMap((service) => [system.process(service), replicaOf(service)]);
      const old = all.find(({ url }) => url === session);
      if (!old) throw new Error(`${session} is none of ${all.map(({ url }) => url).join(", ")}`);
      const { service } = old;
      const isReplica = old === replicaOf(service);
      process.kill(old.pid, "SIGTERM");
      await until(() => takesNothingNew(old), { what: `${session} to stop` });
      const start = async () => {
        await old.exited;
        if (isReplica) replicas.set(service, await system.replica(service));
        else await system.start(service);
      };
      const started = start();
      started.catch(fail);
      starting.set(service, started);
      return { gone: old.exited };
    },
    async end() {
      await Promise.all(starting.values());
      const last = [...replicas.values()];
      for (const { pid } of last) process.kill(pid, "SIGTERM");
      return Promise.all(last.map(({ exited }) => exited));
    },
  };
};

const takesNothingNew = ({ url }: RunningService): Promise<boolean> =>
  fetch(`${url}/health/ready`).then(
    ({ ok }) => !ok,
    () => true,
  );
