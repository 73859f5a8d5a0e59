import type { LiveCartMessage } from "@cartwright/contracts/live-cart";
import { RefusalError } from "@cartwright/service-kit/refusal";
import { LiveStopped } from "./live-hub.ts";

export type EventStreamOptions = {
  readonly messages: AsyncIterable<LiveCartMessage>;
  /** Told when nobody reads any more, or the messages have ended. */
  readonly onEnd: () => void;
  /** Told of what ended the messages and is nobody's refusal. */
  readonly onError: (error: unknown) => void;
  readonly pingMs?: number;
};

/** A cart's messages as server-sent events, for clients that speak no tRPC. One that reads slowly is waited for. */
export const eventStream = (options: EventStreamOptions): ReadableStream<Uint8Array> => {
  const { messages, onEnd, onError, pingMs = 15_000 } = options;
  const iterator = messages[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  let wanted = false;
  let pings: ReturnType<typeof setInterval> | undefined;
  let ended = false;
  const end = () => {
    if (ended) return;
    ended = true;
    clearInterval(pings);
    onEnd();
    // Whoever stands at a message that nobody asks beyond would stand there for ever, with all that it holds.
    iterator.return?.().catch(() => {});
  };

  return new ReadableStream(
    {
      start(controller) {
        controller.enqueue(encoder.encode(retryText()));
        pings = setInterval(() => {
          try {
            if (wanted) controller.enqueue(encoder.encode(PING));
          } catch {
            // Closed, and not by us.
            end();
          }
        }, pingMs);
      },
      async pull(controller) {
        wanted = true;
        try {
          const { done, value } = await iterator.next();
          if (ended) return;
          if (!done) return controller.enqueue(encoder.encode(messageText(value)));
        } catch (error) {
          if (ended) return;
          if (error instanceof RefusalError) controller.enqueue(encoder.encode(refusalText(error)));
          else if (!(error instanceof LiveStopped)) onError(error);
        } finally {
          wanted = false;
        }
        end();
        controller.close();
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  );
};

const messageText = (message: LiveCartMessage): string => {
  const data = message.kind === "change" ? { ...message, position: String(message.position) } : message;
  return `id: ${message.version}\nevent: ${message.kind}\ndata: ${JSON.stringify(data)}\n\n`;
};

/** Named so that no client takes it for the `error` that a connection has. */
const refusalText = ({ refusal }: RefusalError): string => `event: refusal\ndata: ${JSON.stringify(refusal)}\n\n`;

const PING = ": ping\n\n";

/** After how long to come again when the stream breaks off: a time of its own for each, or all would come at once. */
const retryText = (): string => `retry: ${Math.round(1_000 + Math.random() * 2_000)}\n\n`;
