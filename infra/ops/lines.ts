import type { ShopFault } from "@cartwright/cart/ops/import-shop";
import type { CatalogueFault } from "@cartwright/cart/ops/parse-catalogue";
import type { ParkedEvent, ParkedStream } from "@cartwright/messaging/parking";
import type { RebuildProgress } from "@cartwright/projector/rebuild/rebuild-projection";
import type { FoundMark } from "./recover.ts";

// What an operator's commands tell, a line each.

/** `1 fault`, `2 faults`. */
export const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? "" : "s"}`;

export const discardedLine = (waiting: number): string =>
  waiting === 0
    ? "discarded; nothing else waits there, and the stream flows again"
    : `discarded; ${waiting} more ${waiting === 1 ? "waits" : "wait"} there for a retry`;

export const parkedLine = ({ group, log, streamId, state, reason, attempts, waiting, parkedAt }: ParkedStream): string =>
  `${group} ${log} ${streamId}: ${state} since ${parkedAt.toISOString()}, ${waiting} waiting, ${attempts} attempts: ${reason}`;

export const queuedLine = ({ event, discarded }: ParkedEvent): string => {
  const { eventId, type, version, data } = event;
  const fate = discarded ? ` (discarded by ${discarded.by}: ${discarded.reason})` : "";
  return `${eventId} ${type}, version ${version}${fate}: ${JSON.stringify(data)}`;
};

/** At most one line a second, and the last of each step. */
export const progressLines = () => {
  let last = "";
  let at = Number.NEGATIVE_INFINITY;
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

export const recoveryLine = ({ group, log, shard, from, to, reason, moved }: FoundMark, applied: boolean): string => {
  const what = `${group} on ${log}, shard ${shard}: ${reason}`;
  if (to === null) return `${what}; stays at ${from.position}: say first that the log was restored (bun run ops restored ${log})`;
  const move = moved ? "moved back" : applied ? "stands elsewhere by now, and did not move" : "would go back";
  return `${what}; ${move} from ${from.position} to ${to.position}`;
};

export const catalogueFaultLine = ({ row, productId, path, message }: CatalogueFault): string => {
  const at = row === null ? "the file" : `row ${row}${productId === null ? "" : ` (${productId})`}`;
  return `  ${at}${path === "" ? "" : `, ${path}`}: ${message}`;
};

export const shopFaultLine = ({ section, row, path, message }: ShopFault): string =>
  `  ${section === null ? "the file" : `${section}, row ${row}`}${path === "" ? "" : `, ${path}`}: ${message}`;
