/** What the simulator keeps of a payment: Stripe's payment intent, in so far as it is needed. Amounts are Stripe's. */
export type SimulatedIntent = {
  readonly id: string;
  readonly amount: number;
  readonly currency: string;
  readonly status: "requires_confirmation" | "requires_action" | "requires_capture" | "succeeded" | "canceled" | "requires_payment_method";
  readonly amountReceived: number;
  readonly paymentMethod: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly returnUrl: string | null;
  readonly lastError: SimulatedDecline | null;
  readonly cancellationReason: "automatic" | "requested_by_customer" | null;
  readonly createdAt: Date;
};

export type SimulatedDecline = { readonly code: string; readonly decline_code?: string };

export type SimulatedRefund = {
  readonly id: string;
  readonly intentId: string;
  readonly amount: number;
  readonly currency: string;
  readonly status: "pending" | "succeeded" | "failed";
  readonly metadata: Readonly<Record<string, string>>;
  /** What it becomes, and when, by itself. */
  readonly next: { readonly status: "succeeded" | "failed"; readonly at: Date } | null;
};

export type SimulatedDispute = {
  readonly id: string;
  readonly intentId: string;
  readonly amount: number;
  readonly currency: string;
  readonly reason: string;
  readonly status: "needs_response" | "won" | "lost" | "warning_needs_response" | "warning_closed";
};

/** What the simulator tells the service unasked, until it has heard. */
export type SimulatedEvent = {
  readonly id: string;
  readonly type: string;
  readonly object: object;
  readonly createdAt: Date;
  /** How often it is sent: more than once is what a provider may do. */
  readonly copies: number;
  /** Not before that. */
  readonly dueAt: Date;
};

export type DueEvent = Omit<SimulatedEvent, "dueAt"> & { readonly attempt: number };

export type SimulatedAnswer = {
  readonly status: number;
  readonly body: unknown;
  /** Nothing was begun: it is not the answer to the key. */
  readonly isUnkept?: boolean;
};

/** The simulator's books. They are its own: the service knows only what it is answered. */
export type SimulatorLedger = {
  /**
   * Runs `work` once for a key, with what it changes, and keeps the answer; the same key is answered the same. With another fingerprint
   * it is refused, and while the first is at work it is told so.
   */
  once(request: KeyedRequest, work: (books: Books) => Promise<SimulatedAnswer>): Promise<KeyedAnswer>;
  /** A change that no request with a key asks for. */
  change<Result>(work: (books: Books) => Promise<Result>): Promise<Result>;
  get(id: string): Promise<SimulatedIntent | null>;
  /** Newest first. */
  list(having?: { readonly key: string; readonly value: string }): Promise<readonly SimulatedIntent[]>;
  refunds(intentId: string | null): Promise<readonly SimulatedRefund[]>;
  dispute(id: string): Promise<SimulatedDispute | null>;
  disputes(intentId: string | null): Promise<readonly SimulatedDispute[]>;
  /** What changes by itself by now: authorizations from before `heldSince`, and refunds. */
  due(now: Date, heldSince: Date): Promise<{ readonly intents: readonly string[]; readonly refunds: readonly string[] }>;
  /** Those that are due, taken until `until`. */
  takeEvents(now: Date, options: { readonly until: Date; readonly limit: number }): Promise<readonly DueEvent[]>;
  /** It was heard, or is sent again at a time. */
  settleEvent(id: string, nextAt: Date | null): Promise<void>;
};

export type KeyedRequest = { readonly key: string; readonly fingerprint: string };

export type KeyedAnswer = { readonly answer: SimulatedAnswer; readonly isFirst: boolean } | "keyReused" | "inProgress";

export type Books = {
  /** Held by this call until it ends. */
  take(id: string): Promise<SimulatedIntent | null>;
  put(intent: SimulatedIntent): Promise<void>;
  refunds(intentId: string): Promise<readonly SimulatedRefund[]>;
  /** Held by this call until it ends. */
  takeRefund(id: string): Promise<SimulatedRefund | null>;
  putRefund(refund: SimulatedRefund): Promise<void>;
  dispute(id: string): Promise<SimulatedDispute | null>;
  putDispute(dispute: SimulatedDispute): Promise<void>;
  tell(event: SimulatedEvent): Promise<void>;
};
