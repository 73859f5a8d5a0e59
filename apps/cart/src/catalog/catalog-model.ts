import { type CatalogEvent, catalogEvents } from "@cartwright/contracts/catalog-events";
import type { StreamModel } from "@cartwright/event-log/command-handler";
import { absent, evolveListing, type Listing } from "./listing.ts";

/** How the stream `product-<productId>` is folded and written. */
export const catalogModel: StreamModel<Listing, CatalogEvent> = {
  initial: absent,
  evolve: evolveListing,
  encode: catalogEvents.encode,
  decode: catalogEvents.decode,
};
