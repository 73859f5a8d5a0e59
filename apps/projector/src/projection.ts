import type { LogReader } from "@cartwright/event-log/event-log";
import type { Consumer } from "@cartwright/messaging/consumer";

/** A read model that this service keeps. */
export type Projection = {
  readonly name: string;
  /** Whose events it shows. */
  readonly log: LogReader;
  readonly consumer: Pick<Consumer, "lag" | "status">;
};
