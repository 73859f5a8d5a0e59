import { backoffMs } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import type { CommandAnswer } from "./live-cart-service.ts";
import type { Pending } from "./pending-commands.ts";

/** What came of a command in the end. */
export type FinalAnswer = Exclude<CommandAnswer, { outcome: "unreachable" }>;

export type CommandSenderOptions = {
  /** The command to send now, marked as sent; undefined where there is none. */
  readonly take: () => Pending | undefined;
  readonly run: (pending: Pending) => Promise<CommandAnswer>;
  readonly onAnswer: (pending: Pending, answer: FinalAnswer) => void;
  /** Whether the last attempt reached the service. */
  readonly onReachable: (reachable: boolean) => void;
  readonly clock: Pick<Clock, "wait">;
};

export type CommandSender = {
  /** There may be something to send. */
  wake(): void;
  /** The service may be reached again: does not wait any longer. */
  hurry(): void;
  /** Ends with the attempt that is under way. */
  close(): void;
};

/** Sends one command after another, each under its key until it has an answer. */
export const commandSender = ({ take, run, onAnswer, onReachable, clock }: CommandSenderOptions): CommandSender => {
  let sending = false;
  let closed = false;
  let waiting = new AbortController();

  const deliver = async (pending: Pending): Promise<FinalAnswer> => {
    for (let attempt = 1; ; attempt++) {
      const answer = await run(pending);
      onReachable(answer.outcome !== "unreachable");
      if (answer.outcome === "accepted" || answer.outcome === "refused") return answer;
      if (answer.outcome === "failed" && attempt >= mostFaults) return answer;
      if (closed) return { outcome: "failed", error: new Error("The live cart was closed before the command was answered") };
      waiting = new AbortController();
      await clock.wait(backoffMs(attempt), waiting.signal);
    }
  };

  const sendAll = async () => {
    sending = true;
    try {
      for (let next = take(); next; next = take()) onAnswer(next, await deliver(next));
    } finally {
      sending = false;
    }
  };

  return {
    wake: () => {
      if (!sending) void sendAll();
    },
    hurry: () => waiting.abort(),
    close: () => {
      closed = true;
      waiting.abort();
    },
  };
};

/** A fault may pass; one that stays is answered. */
const mostFaults = 3;
