import * as z from "zod";
import { type ServiceCallOptions, serviceCalls } from "./service-call.ts";

/** A sealed value, and the name of the field that it was sealed under. */
export type SealedValue = { readonly field: string; readonly sealed: string };

/**
 * In the order that was asked; null for what nobody can read any more.
 * @throws {ServiceAway} while the owner of the keys does not answer.
 */
export type OpenSealed = (values: readonly SealedValue[]) => Promise<readonly (string | null)[]>;

export type OpenRemotelyOptions = ServiceCallOptions & {
  /** Of the service that reads; its scope is `privacy:open`. */
  readonly token: () => Promise<string>;
};

const Opened = z.object({ values: z.array(z.string().nullable()) });

/** Opens what the cart service has sealed, through its procedure `privacy.open`: the keys stay there. */
export const openRemotely = ({ token, ...call }: OpenRemotelyOptions): OpenSealed => {
  const calls = serviceCalls(call);
  const ask = async (values: readonly SealedValue[]) => {
    const { values: texts } = Opened.parse(await calls.mutate({ path: "privacy.open", input: { values }, token: await token() }));
    if (texts.length !== values.length) throw new TypeError(`${values.length} values were to be opened, and ${texts.length} were`);
    return texts;
  };
  return async (values) => (await Promise.all(piecesOf(values).map(ask))).flat();
};

const piecesOf = (values: readonly SealedValue[]): readonly (readonly SealedValue[])[] =>
  Array.from({ length: Math.ceil(values.length / mostAtOnce) }, (_, piece) => values.slice(piece * mostAtOnce, (piece + 1) * mostAtOnce));

/** As many as the procedure takes. */
const mostAtOnce = 500;
