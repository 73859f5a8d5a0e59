/** What the simulator keeps of a payment: Stripe's payment intent, in so far as it is needed. */
export type SimulatedIntent = {
  readonly id: string;
  readonly amount: number;
  readonly currency: string;
  readonly status: "requires_capture" | "succeeded" | "canceled" | "requires_payment_method";
  readonly amountReceived: number;
  readonly paymentMethod: string;
  readonly metadata: Readonly<Record<string, string>>;
};

export type SimulatedAnswer = { readonly status: number; readonly body: unknown };

/** The simulator's books. They are its own: the service knows only what it is answered. */
export type SimulatorLedger = {
  /**
   * Runs `work` once for a key, with what it changes, and keeps the answer; the same key is answered the same, and with another
   * fingerprint it is refused.
   */
  once(request: KeyedRequest, work: (books: Books) => Promise<SimulatedAnswer>): Promise<SimulatedAnswer | "keyReused">;
  get(id: string): Promise<SimulatedIntent | null>;
};

export type KeyedRequest = { readonly key: string; readonly fingerprint: string };

export type Books = {
  /** Held by this call until it ends. */
  take(id: string): Promise<SimulatedIntent | null>;
  put(intent: SimulatedIntent): Promise<void>;
};
