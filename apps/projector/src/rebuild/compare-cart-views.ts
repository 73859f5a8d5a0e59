import { viewOfEvents } from "@cartwright/read-model/fold-cart-view";
import { placedList } from "@cartwright/read-model/redis/cart-view-keys";
import { type CompareOptions, compareCarts } from "./compare-carts.ts";
import type { Comparison } from "./rebuild-projection.ts";

/**
 * Compares each cart's view and its places in lists with the fold of its stream, as `compareCarts` does. Lists that are not
 * kept just now are no difference.
 */
export const compareCartViews = (options: Omit<CompareOptions, "differenceOf">): Promise<Comparison> =>
  compareCarts({ ...options, differenceOf });

const differenceOf: CompareOptions["differenceOf"] = (events, { view, lists } = { view: null, lists: {} }) => {
  const expected = viewOfEvents(events);
  if (!expected) return view === null && Object.keys(lists ?? {}).length === 0 ? null : "it is shown before its first event";
  if (view === null) return `version ${expected.version} is not shown`;
  const json = JSON.stringify(expected);
  if (view !== json) return `it is shown as ${view}, and the log says ${json}`;
  if (!lists) return null;
  const listed = Object.entries(lists).sort();
  const opened = ["all", expected.status].map((list) => [list, expected.openedAt]);
  const expectedLists = [...opened, ...(expected.order ? [[placedList, expected.order.placedAt]] : [])].sort();
  if (JSON.stringify(listed) !== JSON.stringify(expectedLists))
    return `it is listed in ${JSON.stringify(listed)}, and should be in ${JSON.stringify(expectedLists)}`;
  return null;
};
