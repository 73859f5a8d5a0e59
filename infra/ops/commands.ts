import { userInfo } from "node:os";
import type { StreamRef } from "@cartwright/messaging/parking";
import { importCatalogueFile } from "./catalog-import.ts";
import { type OpsConfig, opsConfig } from "./config.ts";
import { decideOnEffects, effectsStates } from "./effects.ts";
import { catalogueFaultLine, counted, discardedLine, parkedLine, progressLines, queuedLine, recoveryLine, shopFaultLine } from "./lines.ts";
import { OpsError } from "./ops-error.ts";
import { discardParked, parkedEvents, parkedStreams, retryParked } from "./parked.ts";
import { rebuild, rebuildActions, rebuildable, rebuildableOf } from "./rebuild.ts";
import { noteRestored, recover } from "./recover.ts";
import { importShopFile } from "./shop-import.ts";

export type OpsCommand = {
  /** What follows its name. */
  readonly takes: string;
  /** What it does, for somebody who asks for help. */
  readonly does: string;
  readonly run: (args: readonly string[]) => Promise<void>;
};

const say = (line: string) => process.stdout.write(`${line}\n`);

/** Whatever is not understood is refused, rather than done without it. */
const atMost = (count: number, args: readonly string[]): void => {
  const extra = args[count];
  if (extra !== undefined) throw new OpsError(`${extra} is more than the command takes`);
};

const fileOf = (args: readonly string[]): string => {
  atMost(1, args);
  const [path] = args;
  if (path === undefined) throw new OpsError("a file is missing");
  return path;
};

const notImported = (path: string, lines: readonly string[]) =>
  new OpsError([`${path} was not imported: ${counted(lines.length, "fault")}`, ...lines].join("\n"));

export const opsCommands: Readonly<Record<string, OpsCommand>> = {
  "catalog import": {
    takes: "FILE",
    does: "puts the products of a file into the catalogue",
    async run(args) {
      const path = fileOf(args);
      const result = await importCatalogueFile(opsConfig(), path);
      if (!result.ok) throw notImported(path, result.faults.map(catalogueFaultLine));
      say(`${counted(result.products, "product")}, ${result.changed} changed, ${result.products - result.changed} as they were`);
    },
  },
  "shop import": {
    takes: "FILE",
    does: "puts what a file says of coupons, shipping, taxes and stock",
    async run(args) {
      const path = fileOf(args);
      const result = await importShopFile(opsConfig(), path);
      if (!result.ok) throw notImported(path, result.faults.map(shopFaultLine));
      const { coupons, shippingMethods, taxRates, stocks } = result.rows;
      const kept = [counted(coupons, "coupon"), counted(shippingMethods, "shipping method"), counted(taxRates, "tax rate")];
      say(`${kept.join(", ")}, ${counted(stocks, "stock")} are as the file says`);
    },
  },
  restored: {
    takes: "[LOG …]",
    does: "says that these logs, or all, were put back from a backup; before the services start again",
    async run(logs) {
      const option = logs.find((log) => log.startsWith("-"));
      if (option !== undefined) throw new OpsError(`${option} is no log`);
      const restored = await noteRestored(opsConfig(), logs);
      say(`in a new epoch: ${restored.join(", ")}. Start the services again; then bun run ops recover, and bun run ops effects release`);
    },
  },
  recover: {
    takes: "[--apply]",
    does: "names the marks that stand beyond what their logs hold, and moves them back with --apply",
    async run(args) {
      const apply = args[0] === "--apply";
      atMost(apply ? 1 : 0, args);
      const diverged = await recover(opsConfig(), { apply });
      for (const mark of diverged) say(recoveryLine(mark, apply));
      say(`${counted(diverged.length, "mark")} ${diverged.length === 1 ? "stands beyond its" : "stand beyond their"} log`);
    },
  },
  effects: {
    takes: "[hold|release SERVICE REASON]",
    does: "says whether payments and mails go outside, and holds them or lets them go",
    async run([decision, service, ...reason]) {
      if (decision !== undefined && decision !== "hold" && decision !== "release")
        throw new OpsError(`${decision} is neither hold nor release`);
      if (decision && (service === undefined || reason.length === 0)) throw new OpsError("a service and a reason are missing");
      const config = opsConfig();
      if (decision && service !== undefined)
        await decideOnEffects(config, { service, decision, by: userInfo().username, reason: reason.join(" ") });
      const states = await effectsStates(config);
      for (const { service: name, held, reason: why, by } of states) say(`${name}: ${held ? "held" : "released"} (${why}; ${by})`);
      if (states.length === 0) say("no service has begun to do anything outside");
    },
  },
  parked: {
    takes: "[inspect|retry|discard GROUP LOG STREAM [EVENT REASON]]",
    does: "lists the streams that wait for an operator, looks into one, asks for it again, or gives an event of it up",
    async run(args) {
      const [action] = args;
      if (action === undefined) return await listParked(opsConfig());
      if (action !== "inspect" && action !== "retry" && action !== "discard")
        throw new OpsError(`${action} is neither inspect, retry nor discard`);
      const [, group, log, streamId, eventId, ...reason] = args;
      if (group === undefined || log === undefined || streamId === undefined) throw new OpsError("a group, a log and a stream are missing");
      const stream = { group, log, streamId };
      if (action !== "discard") atMost(4, args);
      if (action === "inspect") return (await parkedEvents(opsConfig(), stream)).map(queuedLine).forEach(say);
      if (action === "retry") {
        await retryParked(opsConfig(), stream);
        return void say("asked for");
      }
      if (eventId === undefined || reason.length === 0) throw new OpsError("an event and a reason are missing");
      await discardParked(opsConfig(), stream, { eventId, reason: reason.join(" "), by: userInfo().username });
      say(discardedLine(await waitingIn(opsConfig(), stream)));
    },
  },
  rebuild: {
    takes: `${rebuildable.join("|")} [${rebuildActions.join("|")}]`,
    does: "fills a projection anew, compares it with its logs, and shows it; goes back to the one before, drops that, or only compares",
    async run(args) {
      const [name, what] = args;
      const action = rebuildActions.find((known) => known === what);
      if (what !== undefined && !action) throw new OpsError(`${what} is none of ${rebuildActions.join(", ")}`);
      atMost(2, args);
      if (name === undefined) throw new OpsError(`what is to be rebuilt is missing: ${rebuildable.join(", ")}`);
      const command = { name: rebuildableOf(name), what: action, onProgress: progressLines() };
      for await (const told of rebuild(opsConfig(), command)) say(told);
    },
  },
};

const listParked = async (config: OpsConfig): Promise<void> => {
  const streams = await parkedStreams(config);
  streams.map(parkedLine).forEach(say);
  if (streams.length === 0) say("nothing is parked");
};

/** A stream of which nothing waits any more flows again by itself, and is not parked then. */
const waitingIn = async (config: OpsConfig, { group, log, streamId }: StreamRef): Promise<number> =>
  (await parkedStreams(config)).find((parked) => parked.group === group && parked.log === log && parked.streamId === streamId)?.waiting ??
  0;
