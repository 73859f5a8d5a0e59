import type { RecordedEvent } from "@cartwright/event-log/event-log";
import type { AnyHandler, Around, Handlers, NotYet, Received } from "./handlers.ts";
import type { GroupOnLog } from "./mark.ts";
import type { RunnableEvent, Runner } from "./sink.ts";

type Options<Event extends { type: string }, Tools, Effect> = GroupOnLog & {
  handlers: Handlers<Event, Tools, Effect>;
  decode: (recorded: RecordedEvent) => Event | Promise<Event>;
  around: Around;
};

/** Who handles a type: a runner, nobody on purpose, or nobody that is known of. */
export type FindRunner<Tools, Effect> = (type: string) => Runner<Tools, Effect> | "ignore" | undefined;

export const runners = <Event extends { type: string }, Tools, Effect>(
  options: Options<Event, Tools, Effect>,
): FindRunner<Tools, Effect> => {
  // Each handler is looked up by the type of the event that it is then given, which the compiler can't follow.
  const byType = new Map(Object.entries(options.handlers)) as Map<string, AnyHandler<Event, Tools, Effect> | "ignore">;
  const made = new Map<AnyHandler<Event, Tools, Effect>, Runner<Tools, Effect>>();
  return (type) => {
    const handler = byType.get(type) ?? byType.get("*");
    if (handler === undefined || handler === "ignore") return handler;
    const runner = made.get(handler) ?? makeRunner(handler, options);
    made.set(handler, runner);
    return runner;
  };
};

const makeRunner = <Event extends { type: string }, Tools, Effect>(
  handler: AnyHandler<Event, Tools, Effect>,
  options: Options<Event, Tools, Effect>,
): Runner<Tools, Effect> => {
  const { group, log, around } = options;
  const keyOf = ({ event, epoch }: RunnableEvent) => `${group}:${log}:${epoch}:${event.shard}:${event.position}`;
  const call = async (work: readonly RunnableEvent[], tools: Tools): Promise<Effect | NotYet> => {
    const received: Received<Event>[] = [];
    for (const runnable of work) {
      const { event: recorded, epoch } = runnable;
      const decoded = options.decode(recorded);
      const event = decoded instanceof Promise ? await decoded : decoded;
      received.push({ event, recorded, epoch, key: keyOf(runnable) });
    }
    if (typeof handler !== "function") return handler.batch(received, { ...tools, group, log });
    const [only] = received;
    if (!only || received.length > 1) throw new TypeError("a handler of single events was given several");
    const { event, ...context } = only;
    return handler(event, { ...tools, ...context, group, log });
  };
  return {
    batch: typeof handler !== "function",
    keyOf,
    run: (work, tools) =>
      around(
        work.map(({ event }) => event),
        () => call(work, tools),
      ),
  };
};
