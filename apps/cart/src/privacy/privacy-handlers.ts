import type { PrivacyEvent } from "@cartwright/contracts/privacy-events";
import type { Handlers } from "@cartwright/messaging/handlers";
import type { TableTools } from "@cartwright/messaging/table-sink";
import { postgresPersonAccounts } from "./postgres/postgres-person-accounts.ts";
import { postgresPersonKeys } from "./postgres/postgres-person-keys.ts";

/** Destroys the keys and accounts of who was forgotten, whatever became of the process that said so. */
export const privacyHandlers = (schema: string): Handlers<PrivacyEvent, TableTools, void> => ({
  SubjectForgotten: {
    async batch(received, { tx }) {
      const forgotten = received.map(({ event }) => event.data);
      await postgresPersonKeys(tx, schema).destroy(forgotten.flatMap(({ keyId }) => keyId ?? []));
      await postgresPersonAccounts(tx, schema).eraseAll(forgotten);
    },
  },
});
