import type { RecordedEvent } from "@cartwright/event-log/event-log";
import { viewOfEvents } from "@cartwright/read-model/fold-cart-view";
import { placedList } from "@cartwright/read-model/redis/cart-view-keys";
import { type CompareOptions, compareCarts, type KeptCart } from "./compare-carts.ts";
import type { Comparison } from "./rebuild-projection.ts";

export type CompareCartViewsOptions = Omit<CompareOptions, "differenceOf"> & {
  /** A cart that nothing has happened to since then may have run out; without it, none does. */
  readonly keptSince?: Date;
};

/**
 * Compares each cart's view and its places in lists with the fold of its stream, as `compareCarts` does. What has run out is no
 * difference: neither a view nor lists that are not kept just now.
 */
export const compareCartViews = ({ keptSince, ...options }: CompareCartViewsOptions): Promise<Comparison> => {
  const mayHaveRunOut = (events: readonly RecordedEvent[]) =>
    keptSince !== undefined && (events.at(-1)?.recordedAt ?? keptSince) < keptSince;
  return compareCarts({ ...options, differenceOf: (events, kept) => differenceOf(events, kept, mayHaveRunOut(events)) });
};

const differenceOf = (
  events: readonly RecordedEvent[],
  { view, lists }: KeptCart = { view: null, lists: {} },
  mayHaveRunOut: boolean,
): string | null => {
  const expected = viewOfEvents(events);
  if (!expected) return view === null && Object.keys(lists ?? {}).length === 0 ? null : "it is shown before its first event";
  if (view === null && !mayHaveRunOut) return `version ${expected.version} is not shown`;
  const json = JSON.stringify(expected);
  if (view !== null && view !== json) return `it is shown as ${view}, and the log says ${json}`;
  if (!lists) return null;
  const listed = Object.entries(lists).sort();
  const opened = ["all", expected.status].map((list) => [list, expected.openedAt]);
  const expectedLists = [...opened, ...(expected.order ? [[placedList, expected.order.placedAt]] : [])].sort();
  if (JSON.stringify(listed) !== JSON.stringify(expectedLists))
    return `it is listed in ${JSON.stringify(listed)}, and should be in ${JSON.stringify(expectedLists)}`;
  return null;
};
