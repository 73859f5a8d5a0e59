import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type BrowserSocket, tunnelTo } from "./tunnel.ts";
import type { UpstreamSocket } from "./upstream-socket.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A browser that takes what `takes` says, as Bun's does: -1 for what is queued, 0 for what is dropped. */
const open = () => {
  const calls: string[] = [];
  const browser = {
    readyState: WebSocket.OPEN,
    takes: 1,
    send: () => browser.takes,
    close: (code: number) => void calls.push(`browser: close ${code}`),
    terminate: () => void calls.push("browser: terminate"),
  };
  const gateway = Object.assign(new EventTarget(), {
    readyState: WebSocket.OPEN,
    bufferedAmount: 0,
    isPaused: false,
    pause() {
      gateway.isPaused = true;
    },
    resume() {
      gateway.isPaused = false;
    },
    send: () => {},
    close: (code: number) => void calls.push(`gateway: close ${code}`),
    terminate: () => void calls.push("gateway: terminate"),
  });
  const timers = vi.getTimerCount();
  // As much of two sockets as a tunnel uses.
  const tunnel = tunnelTo(gateway as unknown as UpstreamSocket, { sendLimitBytes: 100, patienceMs: 30_000 });
  tunnel.opened(browser as unknown as BrowserSocket);
  return {
    calls,
    browser,
    gateway,
    tunnel,
    message: () => gateway.dispatchEvent(new MessageEvent("message", { data: "m" })),
    timers: () => vi.getTimerCount() - timers,
  };
};

const closed = ["browser: close 1013", "gateway: close 1013"];
const terminated = ["browser: terminate", "gateway: terminate"];

describe("a browser that reads too slowly", () => {
  test("is cut off after a while, and waited for no longer than that", () => {
    const { browser, calls, message, timers } = open();
    browser.takes = -1;
    message();
    vi.advanceTimersByTime(29_999);
    expect([calls, timers()]).toEqual([[], 1]);
    vi.advanceTimersByTime(1);
    expect(calls).toEqual(closed);
    vi.advanceTimersByTime(2_000);
    expect([calls, timers()]).toEqual([[...closed, ...terminated], 0]);
  });

  test("is left alone once it has read", () => {
    const { browser, calls, gateway, message, tunnel, timers } = open();
    browser.takes = -1;
    message();
    expect(gateway.isPaused).toBe(true);
    tunnel.drained();
    expect([gateway.isPaused, calls, timers()]).toEqual([false, [], 0]);
  });
});

test("two ends that are cut off for another reason while one is waited for are ended once, also when the browser reads on", () => {
  const { browser, calls, message, tunnel, timers } = open();
  browser.takes = -1;
  message();
  tunnel.cut(1012, "restart");
  tunnel.drained();
  message();
  expect(timers()).toBe(1);
  vi.advanceTimersByTime(60_000);
  expect([calls, timers()]).toEqual([["browser: close 1012", "gateway: close 1012", ...terminated], 0]);
});
