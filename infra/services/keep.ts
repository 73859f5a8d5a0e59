/**
 * `bun infra/services/keep.ts FOLDER NAME`
 *
 * Runs one server until a SIGTERM, and ends with it. `services:up` starts it in a session of its own.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { takeInstanceLock } from "@cartwright/service-kit/node/instance-lock";
import { runProcess } from "@cartwright/service-kit/node/lifecycle";
import { freePort } from "@cartwright/testkit/free-port";
import { keeperLockFile, recordService, serviceFolder } from "./keeper.ts";
import { ServiceError } from "./service-error.ts";
import { serviceNames, services } from "./services.ts";

await runProcess({
  async start(scope) {
    const [folder = "", wanted] = process.argv.slice(2);
    const name = serviceNames.find((known) => known === wanted);
    if (name === undefined) throw new ServiceError(`there is no server ${wanted}`);
    mkdirSync(serviceFolder(folder, name), { recursive: true });
    const lock = takeInstanceLock(keeperLockFile(folder, name));
    if (!lock) throw new ServiceError(`${name} runs already`);
    scope.use(lock);

    const { defaultPort, start } = services[name];
    const port = await freePort(defaultPort);
    const service = scope.use(await start({ dataDir: join(serviceFolder(folder, name), "data"), port }));
    scope.use(recordService(folder, name, service));
    const watch = setInterval(() => {
      if (!service.isRunning() && !scope.signal.aborted) scope.fail(new ServiceError(`${name} has ended by itself`));
    }, 500);
    scope.use({ [Symbol.dispose]: () => clearInterval(watch) });
  },
});
