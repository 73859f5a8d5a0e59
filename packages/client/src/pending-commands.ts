import { type Cart, evolve } from "@cartwright/cart-domain/cart";
import type { CartEvent } from "@cartwright/contracts/cart-events";
import type { CartId, IdempotencyKey } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import type { Refusal, RefusalCode } from "@cartwright/contracts/refusals";
import type { CartCommand } from "./cart-command.ts";
import { coalesce, commute } from "./coalesce.ts";
import { predict } from "./predict.ts";

/** The commands that the cart does not show yet as the service tells it, oldest first. They are sent one after another. */
export type PendingCommands = readonly Pending[];

export type Pending = {
  /** Also the correlation id of its request, so that its events are known again when they come. */
  readonly key: IdempotencyKey;
  readonly command: CartCommand;
  /** What came to this one command. */
  readonly taps: readonly Tap[];
  readonly stage: Stage;
  /** Its taps were refused together, so each of them asks for itself. */
  readonly alone: boolean;
};

/** One thing that the shopper did. */
export type Tap = { readonly id: number; readonly command: CartCommand };

export type Stage =
  | { readonly at: "queued" }
  /** The service may have it, so neither key nor input change any more. `seen`: it has come back live, before its answer. */
  | { readonly at: "sent"; readonly seen: boolean }
  /** Accepted; shown as predicted until the cart has come to this version. */
  | { readonly at: "answered"; readonly version: number };

/** With one more tap: a command of its own, or merged into one that is not sent yet. */
export const issue = (pending: PendingCommands, tap: Tap, key: IdempotencyKey): PendingCommands => {
  const index = mergeable(pending, tap.command);
  const into = pending[index];
  const command = into && coalesce(into.command, tap.command);
  if (into && command) return pending.with(index, { ...into, command, taps: [...into.taps, tap] });
  return [...pending, { key, command: tap.command, taps: [tap], stage: queued, alone: false }];
};

/** The command to send now, if none is under way. */
export const nextToSend = (pending: PendingCommands): Pending | undefined => {
  const next = pending.find(({ stage }) => stage.at !== "answered");
  return next?.stage.at === "queued" ? next : undefined;
};

export const sent = (pending: PendingCommands, key: IdempotencyKey): PendingCommands =>
  changed(pending, key, (entry) => [{ ...entry, stage: { at: "sent", seen: false } }]);

/** @param shown the version that the cart has come to. */
export const accepted = (pending: PendingCommands, key: IdempotencyKey, { version, shown }: { version: number; shown: number }) =>
  changed(pending, key, (entry) => {
    const isShown = version <= shown || (entry.stage.at === "sent" && entry.stage.seen);
    return isShown ? [] : [{ ...entry, stage: { at: "answered", version } }];
  });

/** Without the command, whatever became of it. */
export const dropped = (pending: PendingCommands, key: IdempotencyKey): PendingCommands => changed(pending, key, () => []);

/** Without the command; where some of its taps may fit alone, each of them in its place under a key of its own. */
export const refused = (pending: PendingCommands, key: IdempotencyKey, refusal: Refusal): PendingCommands =>
  changed(pending, key, (entry) => (mayFitAlone(entry, refusal) ? entry.taps.map((tap, index) => alone(tap, `${key}.${index}`)) : []));

/** Whether the refusal is of the taps together, and not yet of each. */
export const mayFitAlone = ({ taps }: Pending, { code }: Refusal): boolean => taps.length > 1 && limits.has(code);

/** Without this tap; the same where its command was sent already. */
export const withdrawn = (pending: PendingCommands, tapId: number): PendingCommands => {
  const entry = pending.find(({ taps, stage }) => stage.at === "queued" && taps.some(({ id }) => id === tapId));
  if (!entry) return pending;
  const taps = entry.taps.filter(({ id }) => id !== tapId);
  const command = taps.map((tap) => tap.command).reduce<CartCommand | null>((all, one) => (all ? coalesce(all, one) : one), null);
  return changed(pending, entry.key, () => (command ? [{ ...entry, taps, command }] : []));
};

/** What is still pending once a change of the cart has come. */
export const afterChange = (
  pending: PendingCommands,
  change: { version: number; event: CartEvent; correlationId: string },
): PendingCommands =>
  pending.flatMap((entry): PendingCommands => {
    if (entry.stage.at === "answered") return entry.stage.version <= change.version ? [] : [entry];
    const isOwn = entry.key === change.correlationId && lastEvents[entry.command.type].includes(change.event.type);
    return [isOwn && entry.stage.at === "sent" ? { ...entry, stage: { at: "sent", seen: true } } : entry];
  });

/**
 * What is still pending once the whole cart has come.
 * @param before the version that it was at; a cart that went back was restored, without what was answered since.
 */
export const afterSnapshot = (pending: PendingCommands, { version, before }: { version: number; before: number }): PendingCommands =>
  pending.filter(({ stage }) => stage.at !== "answered" || (version >= before && stage.version > version));

/** The cart as it will be once all of this is done, as far as that can be told. */
export const withPending = (cart: Cart, pending: PendingCommands, at: { cartId: CartId; now: Instant }): Cart =>
  pending.reduce((before, { command, stage }) => {
    if (stage.at === "sent" && stage.seen) return before;
    const prediction = predict(command, before, at);
    return prediction?.accepted ? prediction.events.reduce(evolve, before) : before;
  }, cart);

const queued: Stage = { at: "queued" };

const alone = (tap: Tap, key: string): Pending => ({
  key: key as IdempotencyKey,
  command: tap.command,
  taps: [tap],
  stage: queued,
  alone: true,
});

/** Where the last command is that this one may be merged into, behind which there is none that it may not overtake; else -1. */
const mergeable = (pending: PendingCommands, command: CartCommand): number => {
  for (let index = pending.length - 1; index >= 0; index--) {
    const entry = pending[index];
    if (entry?.stage.at !== "queued") return -1;
    if (!entry.alone && coalesce(entry.command, command)) return index;
    if (!commute(entry.command, command)) return -1;
  }
  return -1;
};

const changed = (pending: PendingCommands, key: IdempotencyKey, change: (entry: Pending) => PendingCommands): PendingCommands =>
  pending.flatMap((entry) => (entry.key === key ? change(entry) : [entry]));

/** What more of a product meets, and less of it would not. */
const limits: ReadonlySet<RefusalCode> = new Set<RefusalCode>(["TooManyOfProduct", "TotalTooLarge"]);

/** Once this has happened, all of the command has. */
const lastEvents: Readonly<Record<CartCommand["type"], readonly CartEvent["type"][]>> = {
  addItem: ["ItemAddedToCart"],
  setQuantity: ["ItemQuantitySet", "ItemRemovedFromCart"],
  removeItem: ["ItemRemovedFromCart"],
  clear: ["CartCleared"],
  undo: ["RemovalUndone"],
  cancel: ["CartCancelled"],
};
