import { closeSync, fdatasyncSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { availableParallelism, cpus, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { percentile } from "./measurement.ts";

export type Machine = {
  cpu: string;
  cores: number;
  memoryGiB: number;
  system: string;
  bun: string;
  postgres: string;
  /** The median of one small write forced to the disk: what a commit waits for. */
  diskSyncMs: number;
};

/** What figures mean nothing without. */
export const describeMachine = ({ postgres, dataDir }: { postgres: string; dataDir: string }): Machine => ({
  cpu: cpus()[0]?.model.trim() ?? "unknown",
  cores: availableParallelism(),
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  system: `${type()} ${release()}`,
  bun: Bun.version,
  postgres,
  diskSyncMs: diskSyncMs(dataDir),
});

const diskSyncMs = (folder: string): number => {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "sync-probe");
  const file = openSync(path, "w");
  const block = new Uint8Array(8192);
  const took = Float64Array.from({ length: 50 }, () => {
    const startedAt = performance.now();
    writeSync(file, block, 0, block.length, 0);
    fdatasyncSync(file);
    return performance.now() - startedAt;
  });
  closeSync(file);
  rmSync(path);
  return percentile(took.sort(), 0.5);
};
