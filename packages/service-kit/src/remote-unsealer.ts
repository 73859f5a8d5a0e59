import { LRUCache } from "lru-cache";
import * as z from "zod";
import { type ServiceCallOptions, serviceCalls } from "./service-call.ts";

/** A sealed value, and the name of the field that it was sealed under. */
export type SealedValue = { readonly field: string; readonly sealed: string };

export type RemoteUnsealer = {
  /**
   * In the order that was asked; null for what nobody can read any more.
   * @throws {ServiceAway} while the owner of the keys does not answer.
   */
  open(values: readonly SealedValue[]): Promise<readonly (string | null)[]>;
  /** Forgets all that was sealed with this key: for `SubjectForgotten`, which names it. */
  drop(keyId: string): void;
};

export type RemoteUnsealerOptions = ServiceCallOptions & {
  /** Of the service that reads; its scope is `privacy:open`. */
  readonly token: () => Promise<string>;
  /** How long an opened value is remembered, and how many are. */
  readonly rememberedMs?: number;
  readonly remembered?: number;
};

const Opened = z.object({ values: z.array(z.string().nullable()) });

/** Opens what the cart service has sealed, through its procedure `privacy.open`: the keys stay there. */
export const remoteUnsealer = (options: RemoteUnsealerOptions): RemoteUnsealer => {
  const { token, rememberedMs = 60_000, remembered = 10_000, ...call } = options;
  const calls = serviceCalls(call);
  const cache = new LRUCache<string, string>({ max: remembered, ttl: rememberedMs });
  let drops = 0;

  const ask = async (values: readonly SealedValue[]) => {
    const { values: texts } = Opened.parse(await calls.mutate({ path: "privacy.open", input: { values }, token: await token() }));
    if (texts.length !== values.length) throw new TypeError(`${values.length} values were to be opened, and ${texts.length} were`);
    return values.map((value, index) => [nameOf(value), texts[index] ?? null] as const);
  };

  return {
    async open(values) {
      const known = new Map<string, string | null>();
      const unknown = new Map<string, SealedValue>();
      for (const value of values) {
        const text = cache.get(nameOf(value));
        if (text === undefined) unknown.set(nameOf(value), value);
        else known.set(nameOf(value), text);
      }
      const before = drops;
      const answers = await Promise.all(piecesOf([...unknown.values()]).map(ask));
      for (const [name, text] of answers.flat()) {
        known.set(name, text);
        // An answer that was on its way when somebody was forgotten may be about them.
        if (text !== null && drops === before) cache.set(name, text);
      }
      return values.map((value) => known.get(nameOf(value)) ?? null);
    },
    drop(keyId) {
      drops++;
      for (const name of [...cache.keys()]) if (name.includes(`.${keyId}.`)) cache.delete(name);
    },
  };
};

const nameOf = ({ field, sealed }: SealedValue) => `${field} ${sealed}`;

const piecesOf = (values: readonly SealedValue[]): readonly (readonly SealedValue[])[] =>
  Array.from({ length: Math.ceil(values.length / mostAtOnce) }, (_, piece) => values.slice(piece * mostAtOnce, (piece + 1) * mostAtOnce));

/** As many as the procedure takes. */
const mostAtOnce = 500;
