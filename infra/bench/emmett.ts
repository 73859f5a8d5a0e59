import type { PostgresConnection } from "@cartwright/service-kit/postgres-connection";
import type { Event } from "@event-driven-io/emmett";
import { getPostgreSQLEventStore } from "@event-driven-io/emmett-postgresql";
import type { Benchmark } from "./benchmark.ts";

type ItemAdded = Event<"ItemAdded", { productId: string; name: string; quantity: number; unitPrice: number }>;

/** A cart's length, so that loading costs what it costs a cart and not what a longer and longer stream would. */
const eventsPerStream = 10;

const loadAndAppend = (inFlight: number): Benchmark => ({
  name: `Emmett's PostgreSQL store: load and append one event, ${inFlight} at once`,
  unit: "commands",
  run: async ({ database, measure }) => {
    const store = getPostgreSQLEventStore(connectionString(await database()));
    try {
      await store.schema.migrate();
      return await measure({
        inFlight,
        operation: async (slot, turn) => {
          const streamName = `cart-${slot}-${Math.floor(turn / eventsPerStream)}`;
          const { currentStreamVersion } = await store.aggregateStream<number, ItemAdded>(streamName, {
            initialState: () => 0,
            evolve: (quantity: number, event: ItemAdded) => quantity + event.data.quantity,
          });
          const data = { productId: `prod-${turn % 40}`, name: "Gaming Laptop", quantity: 1, unitPrice: 25_000_000 };
          await store.appendToStream<ItemAdded>(streamName, [{ type: "ItemAdded", data }], { expectedStreamVersion: currentStreamVersion });
        },
      });
    } finally {
      await store.close();
    }
  },
});

export const emmettBenchmarks: readonly Benchmark[] = [1, 32, 256].map(loadAndAppend);

/** Of the `pg` driver, which takes the folder of a socket as a parameter. */
const connectionString = ({ host, port, user, password, database }: PostgresConnection): string =>
  `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@/${database}?host=${encodeURIComponent(host)}&port=${port}`;
