import { NotAsked, type PaymentProvider, ProviderAway } from "./payment-provider.ts";

export type CircuitBreakerOptions = {
  readonly now: () => Date;
  /** So many calls in a row that were not answered open it. */
  readonly failures: number;
  /** How long nothing is asked then; after that one call goes through, and decides. */
  readonly openMs: number;
};

/** Leaves a provider alone that does not answer: what is not asked is known not to have happened, and is asked later. */
export const withCircuitBreaker = (provider: PaymentProvider, { now, failures, openMs }: CircuitBreakerOptions): PaymentProvider => {
  let inARow = 0;
  let openUntil = 0;
  let isTrying = false;

  const guarded = async <Answer>(call: () => Promise<Answer>): Promise<Answer> => {
    const isOpen = inARow >= failures;
    if (isOpen && (isTrying || now().getTime() < openUntil)) throw new NotAsked("the provider is left alone for a while");
    isTrying = isOpen;
    try {
      const answer = await call();
      inARow = 0;
      return answer;
    } catch (error) {
      if (error instanceof ProviderAway) {
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
  };
};
