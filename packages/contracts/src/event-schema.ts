import type * as z from "zod";
import { InvalidEvent, UnknownEvent, UnknownEventVersion } from "./event-errors.ts";

/** An event as a log stores it, apart from ids and metadata. */
export type StoredEvent = { type: string; schemaVersion: number; data: unknown };

type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };
type JsonData = { readonly [key: string]: JsonValue };
type DataSchema = z.ZodType<JsonData, JsonData>;

// A method, so that it may ask for what the schema before it has parsed: `decode` hands it nothing else.
type Version = { schema: DataSchema; upcast(data: JsonData): JsonData };

/** Every version of an event type that was ever stored, oldest first, each with the way to the next. */
export type EventVersions<Data extends JsonData> = {
  readonly versions: readonly Version[];
  /**
   * A newer shape, and how the one before becomes it. Stored events keep their bytes; they are read as if written anew.
   * The older schema stays here, unedited, for as long as a log may hold it.
   */
  nextVersion<Next extends DataSchema>(schema: Next, upcast: (data: Data) => z.output<Next>): EventVersions<z.output<Next>>;
};

/** The first shape of an event type. */
export const firstVersion = <Schema extends DataSchema>(schema: Schema): EventVersions<z.output<Schema>> =>
  withVersions([{ schema, upcast: (data) => data }]);

const withVersions = <Data extends JsonData>(versions: EventVersions<Data>["versions"]): EventVersions<Data> => ({
  versions,
  nextVersion: (schema, upcast) => withVersions([...versions, { schema, upcast }]),
});

type EventTypes = Record<string, EventVersions<JsonData>>;

/** The union of `{ type, data }` over a registry, in the newest shape of each. */
export type EventOf<Types> = {
  [Type in Extract<keyof Types, string>]: Types[Type] extends EventVersions<infer Data extends JsonData>
    ? { type: Type; data: Data }
    : never;
}[Extract<keyof Types, string>];

export type EventSchema<Event extends AnyEvent> = {
  /** The event as it is to be stored: in the newest version of its type. */
  encode(event: Event): { type: Event["type"]; schemaVersion: number; data: Event["data"] };
  /**
   * Parses what is stored and brings it to the newest version.
   * @throws {UnknownEvent} @throws {UnknownEventVersion} @throws {InvalidEvent}
   */
  decode(stored: StoredEvent): Event;
  /** Whether the type is known here at all: a consumer of somebody else's log skips and counts the others. */
  knows(type: string): boolean;
  /** Every type with every version that may be stored. */
  readonly stored: readonly { type: string; schemaVersion: number }[];
};

/** Encodes and decodes the events of one kind of stream. */
export const eventSchema = <const Types extends EventTypes>(types: Types): EventSchema<EventOf<Types>> => {
  const known = new Map(Object.entries(types).map(([type, { versions }]) => [type, versions]));
  const versionsOf = (type: string) => {
    const versions = known.get(type);
    if (!versions) throw new UnknownEvent(type);
    return versions;
  };
  return {
    encode: ({ type, data }) => ({ type, schemaVersion: versionsOf(type).length, data }),
    decode: ({ type, schemaVersion, data }) => {
      const versions = versionsOf(type);
      const stored = versions[schemaVersion - 1];
      if (!stored) throw new UnknownEventVersion(type, schemaVersion);
      const parsed = stored.schema.safeParse(data);
      if (!parsed.success) throw new InvalidEvent(type, schemaVersion, parsed.error);
      const newest = versions.slice(schemaVersion).reduce((older, next) => next.upcast(older), parsed.data);
      // The newest version's schema is what `EventOf` reads its type from.
      return { type, data: newest } as EventOf<Types>;
    },
    knows: (type) => known.has(type),
    stored: [...known].flatMap(([type, versions]) => versions.map((_, index) => ({ type, schemaVersion: index + 1 }))),
  };
};

type AnyEvent = { type: string; data: JsonData };
