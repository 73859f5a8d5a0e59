import { type CartEvent, cartStreamId } from "@cartwright/contracts/cart-events";
import type { CartId, SubjectId } from "@cartwright/contracts/ids";
import type { EventLog } from "@cartwright/event-log/event-log";
import type { CartListPlace, CartViews } from "@cartwright/read-model/cart-views";
import type { Answer } from "../carts/answer.ts";
import type { Caller } from "../carts/caller.ts";
import { cartModel } from "../carts/cart-model.ts";
import { openedIn } from "./opened-in.ts";
import type { PersonLook, Persons } from "./persons.ts";
import { type PrivacyRequest, recordPersonLook, subjectOf } from "./privacy-request.ts";
import type { Sealer } from "./sealer.ts";

/** An event with what was sealed in it opened; null where it can't be read any more. */
export type ExportedEvent = { readonly type: CartEvent["type"]; readonly version: number; readonly at: Date; readonly data: unknown };

export type SubjectExport = {
  readonly subject: SubjectId;
  /** What the person signs in by. */
  readonly account: { readonly email: string } | null;
  /** Since when personal data has been kept; null where none is. */
  readonly keyCreatedAt: Date | null;
  /** Who else looked at it, and why. */
  readonly looks: readonly PersonLook[];
  /** All carts, orders and checkouts, the newest first, as everything that ever happened to them. */
  readonly carts: readonly { readonly cartId: CartId; readonly events: readonly ExportedEvent[] }[];
};

export type ExportDeps = {
  readonly views: Pick<CartViews, "listBySubject">;
  readonly log: Pick<EventLog, "readStream">;
  readonly sealer: Pick<Sealer, "open">;
  readonly persons: Persons;
  readonly now: () => Date;
};

/** All that is known of a person, as they may read it. */
export const exportSubject =
  (deps: ExportDeps) =>
  async (caller: Caller, request: PrivacyRequest): Promise<Answer<SubjectExport>> => {
    const asked = subjectOf(caller, request);
    if (!asked.ok) return asked;
    const { subject } = asked.value;
    const { keys, accounts, looks } = deps.persons;
    await recordPersonLook(deps, { ...asked.value, question: "export" });
    const carts = await cartsOf(deps, subject);
    const [account, key, looked] = await Promise.all([
      accounts.of(subject),
      keys.of(subject),
      looks.of(
        subject,
        carts.map(({ cartId }) => cartId),
      ),
    ]);
    return {
      ok: true,
      value: { subject, account: account && { email: account.email }, keyCreatedAt: key?.createdAt ?? null, looks: looked, carts },
    };
  };

const cartsOf = async ({ views, log, sealer }: ExportDeps, subject: SubjectId): Promise<SubjectExport["carts"]> => {
  const carts: SubjectExport["carts"][number][] = [];
  const eventsOf = async (cartId: CartId) => ({ cartId, events: (await log.readStream(cartStreamId(cartId))).map(exported) });
  let after: CartListPlace | null = null;
  do {
    const page = await views.listBySubject(subject, { limit: pageSize, ...(after && { after }) });
    const read = await Promise.all(page.views.map(({ cartId }) => eventsOf(cartId)));
    carts.push(...(await openedIn(sealer, read)));
    after = page.next;
  } while (after);
  return carts;
};

/** As many streams are read at once. */
const pageSize = 20;

const exported = (recorded: Parameters<typeof cartModel.decode>[0]): ExportedEvent => {
  const { type, data } = cartModel.decode(recorded);
  return { type, version: recorded.version, at: recorded.recordedAt, data };
};
