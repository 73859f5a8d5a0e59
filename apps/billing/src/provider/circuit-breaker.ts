import { NotAsked, type PaymentProvider, ProviderAway, ProviderFault } from "./payment-provider.ts";

export type CircuitBreakerOptions = {
  readonly now: () => Date;
  /** So many calls in a row that were not answered open it. */
  readonly failures: number;
  /** How long nothing is asked then; after that one call goes through, and decides. */
  readonly openMs: number;
};

export type GuardedProvider = PaymentProvider & {
  /** How many calls would go through now: none, the one that decides, or any. */
  admits(): number;
};

/** Leaves a provider alone that does not answer: what is not asked is known not to have happened, and is asked later. */
export const withCircuitBreaker = (provider: PaymentProvider, { now, failures, openMs }: CircuitBreakerOptions): GuardedProvider => {
  let inARow = 0;
  let openUntil = 0;
  let isTrying = false;

  const admits = () => {
    if (inARow < failures) return Number.POSITIVE_INFINITY;
    return isTrying || now().getTime() < openUntil ? 0 : 1;
  };
  const guarded = async <Answer>(call: () => Promise<Answer>): Promise<Answer> => {
    const isOpen = inARow >= failures;
    if (admits() === 0) {
      const heldBackMs = Math.max(LEAST_PAUSE_MS, openUntil - now().getTime());
      throw new NotAsked("the provider is left alone for a while", { heldBackMs });
    }
    if (isOpen) isTrying = true;
    try {
      const answer = await call();
      inARow = 0;
      return answer;
    } catch (error) {
      if (isAway(error)) {
        inARow += 1;
        openUntil = now().getTime() + openMs;
      } else {
        inARow = 0;
      }
      throw error;
    } finally {
      if (isOpen) isTrying = false;
    }
  };
  return {
    inspect: (request) => guarded(() => provider.inspect(request)),
    authorize: (request) => guarded(() => provider.authorize(request)),
    capture: (request) => guarded(() => provider.capture(request)),
    void: (request) => guarded(() => provider.void(request)),
    refund: (request) => guarded(() => provider.refund(request)),
    find: (request) => guarded(() => provider.find(request)),
    admits,
  };
};

/** While the one call is under way that decides. */
const LEAST_PAUSE_MS = 500;

/** An answer that was kept says nothing about how the provider is now. */
const isAway = (error: unknown): boolean => error instanceof ProviderAway && !(error instanceof ProviderFault && error.isReplayed);
