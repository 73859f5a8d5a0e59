/**
 * `bun run ops catalog import FILE`, `bun run ops shop import FILE`, `bun run ops restored [LOG …]`,
 * `bun run ops parked [inspect|retry|discard …]`, `bun run ops recover [--apply]`, `bun run ops effects [hold|release SERVICE REASON]`,
 * `bun run ops rebuild PROJECTION [back|drop|check]`
 *
 * What an operator does with a running system.
 */
import { userInfo } from "node:os";
import type { ShopFault } from "@cartwright/cart/ops/import-shop";
import type { CatalogueFault } from "@cartwright/cart/ops/parse-catalogue";
import type { ParkedEvent, ParkedStream, StreamRef } from "@cartwright/messaging/parking";
import type { RebuildProgress } from "@cartwright/projector/rebuild/rebuild-projection";
import { importCatalogueFile } from "./ops/catalog-import.ts";
import { opsConfig } from "./ops/config.ts";
import { decideOnEffects, effectsStates } from "./ops/effects.ts";
import { OpsError } from "./ops/ops-error.ts";
import { discardParked, parkedEvents, parkedStreams, retryParked } from "./ops/parked.ts";
import { rebuild, rebuildActions, rebuildable, rebuildableOf } from "./ops/rebuild.ts";
import { type FoundMark, noteRestored, recover } from "./ops/recover.ts";
import { runScript } from "./ops/run-script.ts";
import { importShopFile } from "./ops/shop-import.ts";

const commands: Readonly<Record<string, { usage: string; run: (args: readonly string[]) => Promise<void> }>> = {
  "catalog import": {
    usage: "bun run ops catalog import FILE",
    async run([path]) {
      if (path === undefined) throw new OpsError("a file is missing. Usage: bun run ops catalog import FILE");
      const result = await importCatalogueFile(opsConfig(), path);
      if (!result.ok)
        throw new OpsError([`${path} was not imported: ${result.faults.length} faults`, ...result.faults.map(lineOf)].join("\n"));
      process.stdout.write(`${result.products} products, ${result.changed} changed, ${result.products - result.changed} as they were\n`);
    },
  },
  "shop import": {
    usage: "bun run ops shop import FILE",
    async run([path]) {
      if (path === undefined) throw new OpsError("a file is missing. Usage: bun run ops shop import FILE");
      const result = await importShopFile(opsConfig(), path);
      if (!result.ok)
        throw new OpsError([`${path} was not imported: ${result.faults.length} faults`, ...result.faults.map(shopLineOf)].join("\n"));
      const { coupons, shippingMethods, taxRates, stocks } = result.rows;
      const kept = `${coupons} coupons, ${shippingMethods} shipping methods, ${taxRates} tax rates, ${stocks} stocks`;
      process.stdout.write(`${kept} are as the file says\n`);
    },
  },
  restored: {
    usage: "bun run ops restored [LOG …]",
    async run(logs) {
      const restored = await noteRestored(opsConfig(), logs);
      process.stdout.write(
        `in a new epoch: ${restored.join(", ")}. Start the services again; then bun run ops recover, and bun run ops effects release SERVICE REASON\n`,
      );
    },
  },
  effects: {
    usage: "bun run ops effects [hold|release SERVICE REASON]",
    async run([decision, service, ...reason]) {
      const config = opsConfig();
      if (decision === "hold" || decision === "release") {
        if (service === undefined || reason.length === 0) throw new OpsError("a service and a reason are missing");
        await decideOnEffects(config, { service, decision, by: userInfo().username, reason: reason.join(" ") });
      } else if (decision !== undefined) throw new OpsError(`${decision} is neither hold nor release`);
      for (const state of await effectsStates(config))
        process.stdout.write(`${state.service}: ${state.held ? "held" : "released"} (${state.reason}; ${state.by})\n`);
    },
  },
  parked: {
    usage: "bun run ops parked [inspect|retry|discard GROUP LOG STREAM [EVENT REASON]]",
    async run([action, group, log, streamId, eventId, ...reason]) {
      const config = opsConfig();
      const say = (line: string) => process.stdout.write(`${line}\n`);
      if (action === undefined) return (await parkedStreams(config)).map(parkedLine).forEach(say);
      if (group === undefined || log === undefined || streamId === undefined) throw new OpsError("a group, a log and a stream are missing");
      const stream = { group, log, streamId };
      if (action === "inspect") return (await parkedEvents(config, stream)).map(queuedLine).forEach(say);
      if (action === "retry") await retryParked(config, stream);
      else if (action !== "discard") throw new OpsError(`${action} is neither inspect, retry nor discard`);
      else if (eventId === undefined || reason.length === 0) throw new OpsError("an event and a reason are missing");
      else await discardParked(config, stream, { eventId, reason: reason.join(" "), by: userInfo().username });
      say(action === "retry" ? "asked for" : discardedLine(await waitingIn(config, stream)));
    },
  },
  rebuild: {
    usage: `bun run ops rebuild ${rebuildable.join("|")} [back|drop|check]`,
    async run([name, what]) {
      const action = rebuildActions.find((known) => known === what);
      if (what !== undefined && !action) throw new OpsError(`${what} is none of ${rebuildActions.join(", ")}`);
      const command = { name: rebuildableOf(name), what: action, onProgress: progressLines() };
      for await (const told of rebuild(opsConfig(), command)) process.stdout.write(`${told}\n`);
    },
  },
  recover: {
    usage: "bun run ops recover [--apply]",
    async run(args) {
      const apply = args.includes("--apply");
      const diverged = await recover(opsConfig(), { apply });
      const lines = diverged.map((mark) => recoveryOf(mark, apply));
      process.stdout.write(`${[...lines, `${diverged.length} marks stand beyond their log`].join("\n")}\n`);
    },
  },
};

/** A stream of which nothing waits any more flows again by itself, and is not parked then. */
const waitingIn = async (config: ReturnType<typeof opsConfig>, { group, log, streamId }: StreamRef): Promise<number> =>
  (await parkedStreams(config)).find((parked) => parked.group === group && parked.log === log && parked.streamId === streamId)?.waiting ??
  0;

const discardedLine = (waiting: number): string =>
  waiting === 0
    ? "discarded; nothing else waits there, and the stream flows again"
    : `discarded; ${waiting} more ${waiting === 1 ? "waits" : "wait"} there for a retry`;

const parkedLine = ({ group, log, streamId, state, reason, attempts, waiting, parkedAt }: ParkedStream): string =>
  `${group} ${log} ${streamId}: ${state} since ${parkedAt.toISOString()}, ${waiting} waiting, ${attempts} attempts: ${reason}`;

const queuedLine = ({ event, discarded }: ParkedEvent): string => {
  const { eventId, type, version, data } = event;
  const fate = discarded ? ` (discarded by ${discarded.by}: ${discarded.reason})` : "";
  return `${eventId} ${type}, version ${version}${fate}: ${JSON.stringify(data)}`;
};

/** At most one line a second, and the last of each step. */
const progressLines = () => {
  let last = "";
  let at = 0;
  const write = (line: string) => void (line !== last && process.stderr.write(`${line}\n`));
  return (progress: RebuildProgress) => {
    const line =
      progress.step === "filling"
        ? `version ${progress.version}: ${progress.events} of ${progress.of} events`
        : `version ${progress.version}: ${progress.compared} compared`;
    if (performance.now() - at < 1_000) return;
    write(line);
    last = line;
    at = performance.now();
  };
};

const recoveryOf = ({ group, log, shard, from, to, reason, moved }: FoundMark, applied: boolean): string => {
  const what = `${group} on ${log}, shard ${shard}: ${reason}`;
  if (to === null) return `${what}; stays at ${from.position}: say first that the log was restored (bun run ops restored ${log})`;
  const move = moved ? "moved back" : applied ? "stands elsewhere by now, and did not move" : "would go back";
  return `${what}; ${move} from ${from.position} to ${to.position}`;
};

const lineOf = ({ row, productId, path, message }: CatalogueFault): string => {
  const at = row === null ? "the file" : `row ${row}${productId === null ? "" : ` (${productId})`}`;
  return `  ${at}${path === "" ? "" : `, ${path}`}: ${message}`;
};

const shopLineOf = ({ section, row, path, message }: ShopFault): string =>
  `  ${section === null ? "the file" : `${section}, row ${row}`}${path === "" ? "" : `, ${path}`}: ${message}`;

await runScript(async () => {
  const [area = "", action = "", ...rest] = process.argv.slice(2);
  const oneWord = commands[area];
  const command = oneWord ?? commands[`${area} ${action}`];
  const usages = Object.values(commands).map(({ usage }) => usage);
  if (!command) throw new OpsError(`there is no such command. Usage: ${usages.join(", or ")}`);
  await command.run(oneWord ? [action, ...rest].filter((word) => word !== "") : rest);
});
