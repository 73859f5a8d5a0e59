import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type InstanceLock, InstanceLockError, instanceHolder, takeInstanceLock } from "@cartwright/service-kit/node/instance-lock";

/** @throws {InstanceLockError} when Cartwright already runs in this checkout. */
export const lockCheckout = (folder: string): InstanceLock => {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "instance.lock");
  const lock = takeInstanceLock(path);
  if (lock) return lock;
  throw new InstanceLockError(`already running in this checkout, as process ${instanceHolder(path)}`);
};
