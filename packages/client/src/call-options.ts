export type CallOptions = {
  /** Ends the call; whether it was done is not known then. */
  readonly signal?: AbortSignal;
};

export type SubscriptionObserver<Message> = {
  readonly onMessage: (message: Message) => void;
  /** It can't go on: nothing comes any more. */
  readonly onError?: (error: unknown) => void;
  /** Nothing comes any more. */
  readonly onEnd?: () => void;
  readonly onConnection?: (state: "connected" | "lost") => void;
};
