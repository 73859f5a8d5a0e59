import { cartStreamId } from "@cartwright/contracts/cart-events";
import { checkoutIdOf } from "@cartwright/contracts/checkout-ids";
import type { CartId, CheckoutId, SubjectId } from "@cartwright/contracts/ids";
import type { ExportedEvent, ExportedMail, ExportedStream } from "@cartwright/contracts/privacy-export";
import type { EventLog } from "@cartwright/event-log/event-log";
import type { Answer } from "../carts/answer.ts";
import type { Caller } from "../carts/caller.ts";
import { cartModel } from "../carts/cart-model.ts";
import type { ExportElsewhere } from "./export-elsewhere.ts";
import { openedIn } from "./opened-in.ts";
import type { PersonLook, Persons } from "./persons.ts";
import { type PrivacyRequest, recordPersonLook, subjectOf } from "./privacy-request.ts";
import type { Sealer } from "./sealer.ts";
import type { TrailOf } from "./trail.ts";

export type SubjectExport = {
  readonly subject: SubjectId;
  /** The guests that they were before they signed in: what is told below is theirs, too. */
  readonly guests: readonly SubjectId[];
  /** What the person signs in by. */
  readonly account: { readonly email: string | null } | null;
  /** Since when personal data has been kept; null where none is. */
  readonly keyCreatedAt: Date | null;
  /** Who else looked at it, and why. */
  readonly looks: readonly PersonLook[];
  /** All carts, orders and checkouts, the newest first, as everything that ever happened to them. What was sealed is null once it can't be read. */
  readonly carts: readonly { readonly cartId: CartId; readonly events: readonly ExportedEvent[] }[];
  /** The same of what the other services keep of their checkouts. */
  readonly payments: readonly ExportedStream[];
  readonly assessments: readonly ExportedStream[];
  readonly notifications: readonly ExportedStream[];
  readonly mails: readonly ExportedMail[];
};

export type ExportDeps = {
  readonly log: Pick<EventLog, "readStream">;
  readonly sealer: Pick<Sealer, "open">;
  readonly persons: Persons;
  readonly trailOf: TrailOf;
  readonly exportElsewhere: ExportElsewhere;
  readonly now: () => Date;
};

/**
 * All that is known of a person, as they may read it: from the logs themselves, with what was written a moment ago. It is all of it or an
 * error: while another service is away there is no answer.
 */
export const exportSubject =
  (deps: ExportDeps) =>
  async (caller: Caller, request: PrivacyRequest): Promise<Answer<SubjectExport>> => {
    const asked = subjectOf(caller, request);
    if (!asked.ok) return asked;
    const { subject } = asked.value;
    await recordPersonLook(deps, { ...asked.value, question: "export" });
    const trail = await deps.trailOf(subject);
    const { keys, accounts, looks } = deps.persons;
    const [carts, account, kept, looked] = await Promise.all([
      cartsOf(deps, trail.cartIds),
      accounts.of(subject),
      Promise.all(trail.subjects.map(keys.of)),
      looks.of(trail),
    ]);
    const { billing, fraud, notification } = await openedIn(deps.sealer, await deps.exportElsewhere(checkoutsIn(carts)));
    const since = kept.flatMap((key) => (key ? [Number(key.createdAt)] : []));
    return {
      ok: true,
      value: {
        subject,
        guests: trail.subjects.filter((each) => each !== subject),
        account: account && (await openedIn(deps.sealer, { email: account.email })),
        keyCreatedAt: since.length > 0 ? new Date(Math.min(...since)) : null,
        looks: looked,
        carts,
        payments: billing.streams,
        assessments: fraud.streams,
        notifications: notification.streams,
        mails: notification.mails,
      },
    };
  };

const cartsOf = async ({ log, sealer }: ExportDeps, cartIds: readonly CartId[]): Promise<SubjectExport["carts"]> => {
  const carts: SubjectExport["carts"][number][] = [];
  const eventsOf = async (cartId: CartId) => ({ cartId, events: (await log.readStream(cartStreamId(cartId))).map(exported) });
  for (let first = 0; first < cartIds.length; first += atOnce) {
    const read = await Promise.all(cartIds.slice(first, first + atOnce).map(eventsOf));
    carts.push(...(await openedIn(sealer, read)));
  }
  return carts;
};

const checkoutsIn = (carts: SubjectExport["carts"]): readonly CheckoutId[] =>
  carts.flatMap(({ cartId, events }) =>
    events.filter(({ type }) => type === "CheckoutStarted").map((_, index) => checkoutIdOf(cartId, index + 1)),
  );

/** As many streams are read together. */
const atOnce = 20;

const exported = (recorded: Parameters<typeof cartModel.decode>[0]): ExportedEvent => {
  const { type, data } = cartModel.decode(recorded);
  return { type, version: recorded.version, at: recorded.recordedAt, data };
};
