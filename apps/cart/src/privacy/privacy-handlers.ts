import type { PrivacyEvent } from "@cartwright/contracts/privacy-events";
import type { Handlers } from "@cartwright/messaging/handlers";
import type { TableTools } from "@cartwright/messaging/table-sink";
import { postgresPersonAccounts } from "./postgres/postgres-person-accounts.ts";
import { postgresPersonKeys } from "./postgres/postgres-person-keys.ts";
import { postgresTrail } from "./postgres/postgres-trail.ts";

/**
 * Destroys the keys and accounts of who was forgotten, and the keys of the guests that they were, whatever became of the process that said
 * so: of what was there when it was said, and of nothing that has come since.
 */
export const privacyHandlers = (schema: string): Handlers<PrivacyEvent, TableTools, void> => ({
  SubjectForgotten: {
    async batch(received, { tx }) {
      const forgotten = received.map(({ event }) => event.data);
      await postgresPersonKeys(tx, schema).destroy(forgotten.flatMap(({ keyId }) => keyId ?? []));
      await postgresPersonAccounts(tx, schema).eraseAll(forgotten);
      for (const { event, recorded } of received) {
        const until = recorded.recordedAt;
        const { subjects } = await postgresTrail(tx, schema, { until })(event.data.subject);
        const guests = subjects.filter((each) => each !== event.data.subject);
        await postgresPersonKeys(tx, schema).destroyThoseOf(guests, { until });
      }
    },
  },
});
