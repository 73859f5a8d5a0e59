import { privacyEvents } from "@cartwright/contracts/privacy-events";
import type { Tailer } from "@cartwright/event-log/tailer";
import type { Logger } from "@cartwright/service-kit/logger";
import { type Sealer, type SealerDeps, sealer } from "./sealer.ts";

export type OpenSealerOptions = Pick<SealerDeps, "keys" | "master" | "now"> & { readonly tailer: Tailer; readonly logger: Logger };

/** A sealer that hears who is forgotten: their keys leave the memory of every process. */
export const openSealer = ({ tailer, logger, ...deps }: OpenSealerOptions): Sealer & Disposable => {
  const seals = sealer({ ...deps, onBroken: (err) => logger.error({ err }, "a sealed value was changed or moved") });
  const stop = tailer.onEvents((events) => {
    for (const event of events) if (privacyEvents.knows(event.type)) seals.drop(privacyEvents.decode(event).data.subject);
  });
  return { ...seals, [Symbol.dispose]: stop };
};
