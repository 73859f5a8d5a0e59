import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readmeFault } from "@cartwright/infra/readme-answer";
import { parseReadmeBlocks, runReadmeBlocks } from "@cartwright/infra/readme-blocks";
import { runningProcesses } from "@cartwright/service-kit/node/process-table";
import { freePort } from "@cartwright/testkit/free-port";
import { lacks } from "@cartwright/testkit/lacks";
import { descendants, spawnTracked } from "@cartwright/testkit/spawn-tracked";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");
const ports = ["CART", "STOREFRONT", "BILLING", "FRAUD", "NOTIFICATION", "PROJECTOR"].map((name) => `${name}_PORT`);

/** A folder for the servers of this test, which PostgreSQL's own account may pass through too; they end with it. */
const serversFolder = async () => {
  const folder = mkdtempSync(join(tmpdir(), "cartwright-distributed-"));
  await chmod(folder, 0o755);
  return {
    folder,
    async [Symbol.asyncDispose]() {
      await spawnTracked([process.execPath, "infra/services.ts", "down", `--folder=${folder}`, "--without-docker"], { cwd: root }).exited;
      rmSync(folder, { recursive: true });
    },
  };
};

/** The services that run below a process: the servers stay. */
const servicesBelow = (pid: number): readonly number[] => {
  const below = new Set(descendants(pid));
  return runningProcesses().flatMap(({ pid, command }) => (below.has(pid) && command.some((word) => /main\.ts$/.test(word)) ? [pid] : []));
};

const stillRunning = (pids: readonly number[]): readonly number[] => {
  const alive = new Set(runningProcesses().map(({ pid }) => pid));
  return pids.filter((pid) => alive.has(pid));
};

test.skipIf(lacks("own kafka", "own redis"))(
  "start:distributed starts the servers and the services, serves what the README pastes first, and leaves no service behind",
  async () => {
    let started: readonly number[] = [];
    {
      await using servers = await serversFolder();
      const own = Object.fromEntries(await Promise.all(ports.map(async (name) => [name, String(await freePort())] as const)));
      const { PATH = "", HOME = "" } = process.env;
      const env = { PATH, HOME, ADMIN_PORT: "0", HOST: "127.0.0.1", ...own };
      const command = [process.execPath, "infra/start-distributed.ts", `--folder=${servers.folder}`, "--without-docker"];
      await using running = spawnTracked(command, { cwd: root, env });
      const ended = running.exited.then((code) => Promise.reject(new Error(`it ended with ${code}:\n${running.output()}`)));
      await Promise.race([running.line(/^ *Cartwright runs/, 120_000), ended]);
      expect(running.output()).toContain("Starting kafka, postgres, redis");

      const blocks = parseReadmeBlocks(readFileSync(join(root, "README.md"), "utf8")).slice(0, 4);
      const substitutions = { "localhost:5105": `127.0.0.1:${own.CART_PORT}` };
      const runs = await runReadmeBlocks(blocks, { cwd: root, substitutions });
      expect(runs.map(readmeFault).filter((fault) => fault !== undefined)).toEqual([]);

      const services = servicesBelow(running.pid);
      expect(services).toHaveLength(6);
      started = descendants(running.pid);
      expect(started.length).toBeGreaterThan(services.length + 3);
      process.kill(running.pid, "SIGTERM");
      expect(await running.exited).toBe(0);
      expect(stillRunning(services)).toEqual([]);
    }
    expect(stillRunning(started)).toEqual([]);
  },
  240_000,
);
