import { type BillingEvent, billingEvents, paymentStreamId } from "@cartwright/contracts/billing-events";
import { type CartEvent, cartStreamId } from "@cartwright/contracts/cart-events";
import { checkoutIdOf, orderIdOf, paymentIdOf } from "@cartwright/contracts/checkout-ids";
import { assessmentStreamId, type FraudEvent, fraudEvents } from "@cartwright/contracts/fraud-events";
import type { CartId } from "@cartwright/contracts/ids";
import { instantOf } from "@cartwright/contracts/instant";
import type { Money } from "@cartwright/contracts/money";
import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import type { NewEvent } from "@cartwright/event-log/event-log";
import type { LogName } from "../figures/counted-logs.ts";
import type { PaymentState } from "../figures/payment-standing.ts";
import { aCartId, asNew, eventsOfSteps, type ShoppingStep, shopper } from "./shopping.ts";

/** A payment's way, as a number from 0 on of any size; its amount; and the day on which it begins. */
export type PaymentSketch = {
  readonly path: number;
  readonly amountMinor: number;
  readonly day: number;
  readonly currency: Money["currency"];
};

/** `how` says more of the event than that it is one of its type. */
type Step = readonly [type: BillingEvent["type"], state: PaymentState, how?: Readonly<Record<string, unknown>>];

const presented: readonly Step[] = [
  ["PaymentMethodPresented", "begun"],
  ["PaymentMethodInspected", "begun"],
];
const requested: readonly Step[] = [...presented, ["PaymentRequested", "requested"]];
const authorized: readonly Step[] = [...requested, ["PaymentAuthorized", "authorized"]];
const captured: readonly Step[] = [
  ...authorized,
  ["PaymentOrdered", "authorized"],
  ["PaymentCaptureRequested", "authorized"],
  ["PaymentCaptured", "captured"],
];
const disputed: readonly Step[] = [...captured, ["PaymentDisputed", "disputed"]];

const inquired: readonly Step[] = [...captured, ["PaymentDisputed", "disputed", { stage: "inquiry" }]];

/** Each way with what a person would say of the payment after each step. */
export const paymentPaths: Readonly<Record<string, readonly Step[]>> = {
  "is paid": captured,
  "was refused": [
    ["PaymentMethodPresented", "begun"],
    ["PaymentMethodRefused", "declined"],
  ],
  "was given up before it was asked for": [...presented, ["PaymentWithdrawn", "withdrawn"]],
  "was declined": [...requested, ["PaymentDeclined", "declined"]],
  "came to nothing": [...requested, ["PaymentFailed", "failed"]],
  "waited for the shopper in vain": [...requested, ["PaymentActionRequired", "actionRequired"], ["PaymentExpired", "expired"]],
  "was unknown, and is authorized": [
    ...requested,
    ["PaymentOutcomeUnknown", "unknown"],
    ["PaymentCheckRequested", "unknown"],
    ["PaymentAuthorized", "authorized"],
    ["PaymentAuthorizationDated", "authorized"],
  ],
  "was given up when it was authorized": [
    ...authorized,
    ["PaymentWithdrawn", "authorized"],
    ["PaymentVoidRequested", "authorized"],
    ["PaymentVoided", "voided"],
  ],
  "could not be captured": [...authorized, ["PaymentCaptureRequested", "authorized"], ["PaymentCaptureFailed", "captureFailed"]],
  "is refunded in two parts": [
    ...captured,
    ["PaymentRefundRequested", "captured"],
    ["PaymentRefunded", "partlyRefunded"],
    ["PaymentRefunded", "refunded"],
  ],
  "was refunded, and it came back": [...captured, ["PaymentRefunded", "partlyRefunded"], ["PaymentRefundFailed", "captured"]],
  "is disputed": disputed,
  "was inquired about, and that came to nothing": [
    ...inquired,
    ["PaymentDisputeClosed", "captured", { stage: "inquiry", outcome: "inquiryClosed" }],
  ],
  "was disputed, and is won": [...disputed, ["PaymentDisputeClosed", "captured", { outcome: "won" }]],
  "was disputed, and is lost": [
    ...disputed,
    ["PaymentProviderEventSetAside", "disputed"],
    ["PaymentDisputeClosed", "chargedBack", { outcome: "lost" }],
  ],
  "was inquired about and lost, won on appeal, and disputed again in another matter": [
    ...inquired,
    ["PaymentProviderNewsKept", "disputed"],
    ["PaymentDisputed", "disputed"],
    ["PaymentDisputeClosed", "chargedBack", { outcome: "lost" }],
    ["PaymentDisputeClosed", "captured", { outcome: "won" }],
    ["PaymentDisputed", "disputed", { disputeReference: "dp_0002" }],
    ["PaymentDisputeClosed", "captured", { disputeReference: "dp_0002", outcome: "prevented" }],
  ],
  "differs from what the provider says": [
    ...captured,
    ["PaymentDiscrepancyFound", "captured"],
    ["PaymentDiscrepanciesAcknowledged", "captured"],
  ],
  "was refunded twice, of which one is unknown": [
    ...captured,
    ["PaymentOutcomeUnknown", "unknown", { operation: "refund", ordinal: 1 }],
    ["PaymentOutcomeUnknown", "unknown", { operation: "refund", ordinal: 2 }],
    ["PaymentRefunded", "unknown"],
  ],
};

const ways = Object.entries(paymentPaths);
export const pathThat = (way: string): number => ways.findIndex(([name]) => name === way);

/** A payment as billing would tell of it, and the states that it goes through. */
export const sketchedPayment = ({ path, amountMinor, day, currency }: PaymentSketch) => {
  const cartId = aCartId();
  const steps = ways[path % ways.length]?.[1] ?? [];
  const half = Math.ceil(amountMinor / 2);
  let refunds = 0;
  const events = steps.map(([type, , how], index): BillingEvent => {
    if (type === "PaymentRefunded") refunds += 1;
    const money = (minor: number): Money => ({ amountMinor: minor, currency });
    const at = instantOf(new Date(Date.UTC(2026, 0, 1 + day + Math.floor(index / 3), 23, 59, 50 + index)));
    const refundedTotal = money(type === "PaymentRefundFailed" ? 0 : refunds === 1 ? half : amountMinor);
    const facts = paymentFacts(cartId, { amount: money(amountMinor), at });
    const refunded = money(refunds === 1 ? half : amountMinor - half);
    return billingEvents.decode({
      ...{ type, schemaVersion: billingEvents.stored.filter((stored) => stored.type === type).length },
      data: { ...dataOf({ ...facts, refundAmount: refunded, returned: money(half), refundedTotal })[type], ...how },
    });
  });
  return { streamId: paymentStreamId(paymentIdOf(checkoutIdOf(cartId, 1))), events, states: steps.map(([, state]) => state) };
};

const owner = { owner: shopper, ownerKind: "user" as const };
const card = { fingerprint: "fp_visa_4242", brand: "visa", last4: "4242", country: "US", funding: "credit" as const };

const paymentFacts = (cartId: CartId, { amount, at }: { amount: Money; at: string }) => {
  const checkoutId = checkoutIdOf(cartId, 1);
  return { paymentId: paymentIdOf(checkoutId), checkoutId, cartId, amount, at };
};

type Facts = ReturnType<typeof paymentFacts> & { refundAmount: Money; returned: Money; refundedTotal: Money };

const dataOf = ({ amount, at, ...facts }: Facts): Record<BillingEvent["type"], Record<string, unknown>> => {
  const { paymentId, checkoutId, cartId, refundAmount, returned, refundedTotal } = facts;
  const ids = { paymentId, checkoutId, cartId };
  const order = { ...ids, orderId: orderIdOf(checkoutId) };
  const refund = { ...order, refundId: `${paymentId}.r1`, amount: refundAmount };
  const [providerReference, code] = ["pi_0001", "card_declined"];
  const paymentToken = PaymentToken.parse("pm_card_visa");
  const dispute = { ...order, disputeReference: "dp_0001", amount };
  const told = { providerEventId: "evt_1", providerEventType: "charge.updated", occurredAt: at };
  const news = { about: "refund", refund: { outcome: "refunded", refundId: "re_1", amount } };
  return {
    PaymentMethodPresented: { ...ids, ...owner, amount, paymentToken, presentedAt: at },
    PaymentMethodInspected: { ...ids, ...owner, amount, card, inspectedAt: at },
    PaymentMethodRefused: { ...ids, code, refusedAt: at },
    PaymentRequested: { ...ids, amount, paymentToken, requestedAt: at },
    PaymentActionRequired: {
      ...ids,
      amount,
      providerReference,
      action: { kind: "redirect", url: "https://bank.example/" },
      requiredAt: at,
    },
    PaymentAuthorized: { ...ids, amount, providerReference, authorizedAt: at, captureBefore: at },
    PaymentAuthorizationDated: { ...ids, captureBefore: at, datedAt: at },
    PaymentDeclined: { ...ids, amount, code, declinedAt: at },
    PaymentFailed: { ...ids, amount, code, failedAt: at },
    PaymentExpired: { ...ids, amount, providerReference, expiredAt: at },
    PaymentOutcomeUnknown: { ...ids, operation: "authorize", ordinal: 1, since: at },
    PaymentCheckRequested: { ...ids, check: 1, providerReference, requestedAt: at },
    PaymentOrdered: { ...order, orderedAt: at },
    PaymentCaptureRequested: { ...order, amount, providerReference, requestedAt: at, attempt: 1 },
    PaymentCaptured: { ...order, ...owner, amount, providerReference, capturedAt: at, capturedTotal: amount },
    PaymentCaptureFailed: { ...order, amount, code, attempt: 1, isFinal: true, failedAt: at },
    PaymentWithdrawn: { ...ids, withdrawnAt: at },
    PaymentVoidRequested: { ...ids, amount, providerReference, requestedAt: at },
    PaymentVoided: { ...ids, amount, providerReference, voidedAt: at },
    PaymentRefundRequested: { ...refund, providerReference, requestedAt: at },
    PaymentRefunded: { ...refund, ...owner, refundedTotal, capturedTotal: amount, refundedAt: at },
    PaymentRefundFailed: { ...refund, code, returned, refundedTotal, attempt: 1, isFinal: true, failedAt: at },
    PaymentDisputed: { ...dispute, ...owner, stage: "chargeback", reason: "fraudulent", disputedAt: at },
    PaymentDisputeClosed: { ...dispute, stage: "chargeback", outcome: "won", closedAt: at },
    PaymentProviderEventSetAside: { ...ids, ...told, setAsideAt: at },
    PaymentProviderNewsKept: { ...ids, ...told, news, keptAt: at },
    PaymentDiscrepancyFound: { ...ids, code: "other_state", claimed: null, recorded: amount, providerEventId: null, foundAt: at },
    PaymentDiscrepanciesAcknowledged: { ...ids, acknowledgedAt: at },
  };
};

export type AssessmentSketch = { readonly decision: "approved" | "review" | "blocked"; readonly day: number };

export const sketchedAssessment = ({ decision, day }: AssessmentSketch) => {
  const cartId = aCartId();
  const checkoutId = checkoutIdOf(cartId, 1);
  const inputs = { ...owner, amount: { amountMinor: 5_000, currency: "EUR" as const }, card };
  const assessed = {
    decision,
    score: 50,
    reasons: [],
    ruleSetVersion: "1",
    inputs,
    assessedAt: instantOf(new Date(Date.UTC(2026, 0, 1 + day))),
  };
  const event: FraudEvent = { type: "CheckoutAssessed", data: { checkoutId, cartId, paymentId: paymentIdOf(checkoutId), ...assessed } };
  return { streamId: assessmentStreamId(checkoutId), events: [event] };
};

export type Sketch = {
  readonly carts: readonly (readonly ShoppingStep[])[];
  readonly payments: readonly PaymentSketch[];
  readonly assessments: readonly AssessmentSketch[];
};

/** What a shop's logs hold, stream by stream. */
export type Selling = {
  readonly carts: readonly { readonly streamId: string; readonly events: readonly CartEvent[] }[];
  readonly payments: readonly ReturnType<typeof sketchedPayment>[];
  readonly assessments: readonly ReturnType<typeof sketchedAssessment>[];
};

export const sketchedSelling = ({ carts, payments, assessments }: Sketch): Selling => ({
  carts: carts.map((steps) => {
    const cartId = aCartId();
    return { streamId: cartStreamId(cartId), events: eventsOfSteps(cartId, steps) };
  }),
  payments: payments.map(sketchedPayment),
  assessments: assessments.map(sketchedAssessment),
});

/** As they go into the logs. */
export const newEventsOf = ({
  carts,
  payments,
  assessments,
}: Selling): Record<LogName, readonly { streamId: string; events: NewEvent[] }[]> => {
  const withIds = (encoded: { type: string; schemaVersion: number; data: unknown }): NewEvent =>
    ({ eventId: crypto.randomUUID(), ...encoded, metadata: {} }) as NewEvent;
  return {
    cart: carts.map(({ streamId, events }) => ({ streamId, events: events.map(asNew) })),
    billing: payments.map(({ streamId, events }) => ({ streamId, events: events.map((event) => withIds(billingEvents.encode(event))) })),
    fraud: assessments.map(({ streamId, events }) => ({ streamId, events: events.map((event) => withIds(fraudEvents.encode(event))) })),
  };
};

/** Counted as one would by hand: every event of every stream is looked at once, and every payment where it ended. `DAY NAME KEY` → amount. */
export const countedByHand = ({ carts, payments, assessments }: Selling): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  const add = (at: string, figure: string, amount = 1) => {
    const place = `${at.slice(0, 10)} ${figure}`;
    counts.set(place, (counts.get(place) ?? 0) + amount);
  };
  const cartEventsOf = carts.flatMap(({ events }) => events);
  for (const { type, data } of cartEventsOf) {
    if (type === "CartOpened") add(data.openedAt, `carts ${data.currency}`);
    if (type === "OrderPlaced") add(data.placedAt, `orders ${data.totals.total.currency}`);
    if (type === "OrderPlaced") add(data.placedAt, `orderValue ${data.totals.total.currency}`, data.totals.total.amountMinor);
    if (type === "OrderCancelled") add(data.cancelledAt, `ordersCancelled ${data.reason}`);
  }
  for (const { events, states } of payments) {
    for (const { type, data } of events) {
      if (type === "PaymentCaptured") add(data.capturedAt, `captured ${data.amount.currency}`, data.amount.amountMinor);
      if (type === "PaymentRefunded") add(data.refundedAt, `refunded ${data.amount.currency}`, data.amount.amountMinor);
      if (type === "PaymentRefundFailed") add(data.failedAt, `refunded ${data.amount.currency}`, -data.returned.amountMinor);
      if (type === "PaymentDisputed" && data.stage === "chargeback")
        add(data.disputedAt, `disputed ${data.amount.currency}`, data.amount.amountMinor);
      if (type === "PaymentDisputeClosed" && data.stage === "chargeback" && data.outcome !== "lost")
        add(data.closedAt, `disputed ${data.amount.currency}`, -data.amount.amountMinor);
    }
    const [first] = events;
    if (first?.type === "PaymentMethodPresented") add(first.data.presentedAt, `payments ${states.at(-1)}`);
  }
  for (const { data } of assessments.flatMap(({ events }) => events)) add(data.assessedAt, `assessments ${data.decision}`);
  return new Map([...counts].filter(([, amount]) => amount !== 0));
};
