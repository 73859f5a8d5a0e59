import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

/** A service of the system as a process of its own. */
export type ServiceProcess = { readonly name: string; readonly url: string; readonly environment: Record<string, string> };

type Environment = Record<string, string | undefined>;

const at = (environment: Environment, variable: string, standard: number): string =>
  `http://127.0.0.1:${environment[variable] ?? standard}`;

/** The cart service and the storefront first, the others in no order: each waits for what it needs. */
export const serviceProcesses = (environment: Environment): readonly [ServiceProcess, ServiceProcess, ...ServiceProcess[]] => {
  const urls = {
    CART_URL: at(environment, "CART_PORT", 5105),
    BILLING_URL: at(environment, "BILLING_PORT", 5201),
    FRAUD_URL: at(environment, "FRAUD_PORT", 5202),
    NOTIFICATION_URL: at(environment, "NOTIFICATION_PORT", 5203),
    PROJECTOR_URL: at(environment, "PROJECTOR_PORT", 5204),
  };
  // Each has its own listener for whoever runs it; one variable for all would be one port, unless it stands for any free one.
  const isAnyPort = environment.ADMIN_PORT === "0";
  const service = (name: string, url: string, adminPort: string) => ({
    ...{ name, url },
    environment: { ...urls, ADMIN_PORT: isAnyPort ? "0" : adminPort },
  });
  return [
    service("cart", urls.CART_URL, "9105"),
    service("storefront", at(environment, "STOREFRONT_PORT", 5100), "9100"),
    service("billing", urls.BILLING_URL, "9201"),
    service("fraud", urls.FRAUD_URL, "9202"),
    service("notification", urls.NOTIFICATION_URL, "9203"),
    service("projector", urls.PROJECTOR_URL, "9204"),
  ];
};

type StartOptions = {
  readonly root: string;
  readonly environment: Environment;
  readonly onExit: (name: string, code: number | NodeJS.Signals) => void;
};

/** Their output is ours. Disposing asks all of them to stop and waits until they have. */
export const startProcesses = (services: readonly ServiceProcess[], { root, environment, onExit }: StartOptions): AsyncDisposable => {
  const running = services.map((service) => {
    const child = spawn(process.execPath, [join(root, "apps", service.name, "src/main.ts")], {
      cwd: root,
      env: { ...environment, ...service.environment },
      stdio: ["ignore", "inherit", "inherit"],
    });
    const exited = endOf(child);
    void exited.then((code) => onExit(service.name, code));
    return { child, exited };
  });
  return {
    async [Symbol.asyncDispose]() {
      for (const { child } of running) child.kill("SIGTERM");
      await Promise.all(running.map(({ exited }) => exited));
    },
  };
};

const endOf = (child: ChildProcess): Promise<number | NodeJS.Signals> =>
  new Promise((resolve) => {
    child.once("error", () => resolve(1));
    child.once("exit", (code, signal) => resolve(code ?? signal ?? 1));
  });
