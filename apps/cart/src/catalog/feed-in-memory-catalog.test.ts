import { productStreamId } from "@cartwright/contracts/catalog-events";
import { ProductId } from "@cartwright/contracts/ids";
import type { RecordedEvent } from "@cartwright/event-log/event-log";
import { silentLogger } from "@cartwright/service-kit/logger";
import { until } from "@cartwright/testkit/until";
import { expect, test } from "vitest";
import { feedInMemoryCatalog } from "./feed-in-memory-catalog.ts";
import { CatalogBehind } from "./product-cache.ts";

const laptop = ProductId.parse("laptop");
const mouse = ProductId.parse("mouse");

test("a product that can't be read when something happens to it is in the lists after the next that can", async () => {
  let listener: (events: readonly RecordedEvent[]) => void = () => {};
  const listed: ProductId[][] = [];
  const warnings: object[] = [];
  let isBehind = true;
  const stop = feedInMemoryCatalog({
    tailer: {
      onEvents(told) {
        listener = told;
        return () => {
          listener = () => {};
        };
      },
    },
    catalog: {
      async products(ids) {
        if (isBehind) throw new CatalogBehind("laptop is at version 2, which can't be read");
        return new Map(ids.map((productId) => [productId, { productId, version: 1, listing: { status: "absent" } }]));
      },
    },
    table: { put: (entries) => void listed.push(entries.map(({ productId }) => productId)) },
    logger: { ...silentLogger, warn: (fields) => void warnings.push(fields) },
  });
  // As much of an event as is looked at.
  const happens = (streamId: string) => listener([{ streamId } as RecordedEvent]);
  happens(productStreamId(laptop));
  await until(() => warnings.length === 1);
  isBehind = false;
  happens("cart-1");
  happens(productStreamId(mouse));
  await until(() => listed.length > 0);
  expect(listed).toEqual([[laptop, mouse]]);
  stop();
  happens(productStreamId(mouse));
  await Promise.resolve();
  expect(listed).toHaveLength(1);
});
