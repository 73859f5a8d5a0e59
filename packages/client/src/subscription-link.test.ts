import type { OperationResultEnvelope, TRPCLink, TRPCWebSocketClient } from "@trpc/client";
import { TRPCClientError } from "@trpc/client";
import type { AnyRouter } from "@trpc/server";
import { behaviorSubject, observable } from "@trpc/server/observable";
import { describe, expect, test, vi } from "vitest";
import { contextOf } from "./call-context.ts";
import type { Socket } from "./socket.ts";
import { subscriptionLink } from "./subscription-link.ts";

type Envelope = OperationResultEnvelope<unknown, TRPCClientError<AnyRouter>>;
type State = Extract<Envelope["result"], { type: "state" }>;

const connecting = (error: string | null): State => ({
  type: "state",
  state: "connecting",
  error: error === null ? null : new TRPCClientError(error),
});
const open: State = { type: "state", state: "pending", error: null };

/** A link over a socket whose state the test sets, and over server-sent events that come at once. */
const linkWith = ({ openWithinMs = 60_000, webSocket = true } = {}) => {
  const state = behaviorSubject<State>(connecting(null));
  const requests: { fail(error: TRPCClientError<AnyRouter>): void; ended: boolean }[] = [];
  const client = {
    connectionState: state,
    request: () =>
      observable<Envelope, TRPCClientError<AnyRouter>>((observer) => {
        const request = { fail: observer.error, ended: false };
        requests.push(request);
        return () => {
          request.ended = true;
          // As tRPC's own does.
          observer.complete();
        };
      }),
    // All of it that the link uses.
  } as unknown as TRPCWebSocketClient;
  const socket: Socket = { client: () => client, token: () => "old", retire: vi.fn() };
  const overSse = vi.fn();
  const sse: TRPCLink<AnyRouter> = () => () =>
    observable((observer) => {
      overSse();
      observer.next({ result: { type: "started" } });
      return () => {};
    });
  let time = 0;
  const link = subscriptionLink<AnyRouter>({ socket: webSocket ? socket : undefined, sse, openWithinMs, now: () => time })({});
  const op = { id: 1, type: "subscription", path: "cart.live", input: {}, context: {}, signal: null } as const;
  return {
    state,
    requests,
    socket,
    client,
    overSse,
    op,
    subscribe: (error: (error: unknown) => void = () => {}, complete = () => {}) =>
      link({ op, next: () => observable(() => {}) }).subscribe({ error, complete }),
    later: (milliseconds: number) => {
      time += milliseconds;
    },
  };
};

describe("a subscription", () => {
  test("stays with a socket that was open once, however often it is lost", () => {
    const { state, subscribe, overSse, requests } = linkWith();
    const subscription = subscribe();
    state.next(connecting("refused"));
    state.next(open);
    for (let loss = 0; loss < 5; loss++) state.next(connecting("lost"));
    expect([overSse.mock.calls.length, requests[0]?.ended]).toEqual([0, false]);
    subscription.unsubscribe();
    expect(requests[0]?.ended).toBe(true);
  });

  test("goes over to server-sent events when its socket fails twice before it was open, and those after it do so at once, for a while", () => {
    const { state, subscribe, overSse, requests, later } = linkWith();
    const ended = vi.fn();
    subscribe(ended, ended);
    state.next(connecting("refused"));
    expect(overSse).toHaveBeenCalledTimes(0);
    state.next(connecting("refused"));
    expect([overSse.mock.calls.length, requests[0]?.ended]).toEqual([1, true]);
    state.next(connecting(null));
    expect(ended).toHaveBeenCalledTimes(0);
    subscribe().unsubscribe();
    expect([overSse.mock.calls.length, requests.length]).toEqual([2, 1]);
    later(600_000);
    subscribe().unsubscribe();
    expect([overSse.mock.calls.length, requests.length]).toEqual([2, 2]);
  });

  test("goes over when its socket takes too long to open", async () => {
    const { subscribe, overSse } = linkWith({ openWithinMs: 1 });
    const gone = Promise.withResolvers<void>();
    overSse.mockImplementation(gone.resolve);
    subscribe();
    await gone.promise;
  });

  test("goes over server-sent events where there is no WebSocket", () => {
    const { subscribe, overSse, requests } = linkWith({ webSocket: false });
    subscribe();
    expect([overSse.mock.calls.length, requests.length]).toEqual([1, 0]);
  });

  test("that the service refuses for its token has its socket retired, and says which token it was", () => {
    const { subscribe, requests, socket, client, op } = linkWith();
    const failed = vi.fn();
    subscribe(failed);
    requests[0]?.fail(refusedFor("Unauthenticated"));
    expect(failed).toHaveBeenCalledTimes(1);
    expect(socket.retire).toHaveBeenCalledWith(client);
    expect(contextOf(op).token).toBe("old");
  });

  test("that the service refuses for another reason has not", () => {
    const { subscribe, requests, socket } = linkWith();
    subscribe();
    requests[0]?.fail(refusedFor("Forbidden"));
    expect(socket.retire).toHaveBeenCalledTimes(0);
  });
});

const refusedFor = (code: string): TRPCClientError<AnyRouter> =>
  TRPCClientError.from({ error: { code: -32_001, message: "no", data: { code: "UNAUTHORIZED", httpStatus: 401, refusal: { code } } } });
