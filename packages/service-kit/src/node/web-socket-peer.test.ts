import { expect, test } from "vitest";
import { webSocketPeer } from "./web-socket-peer.ts";

/** A socket of Bun's whose client reads when a test says so. */
const peerUnderTest = ({ maxSubscriptions = 2 } = {}) => {
  const state = { readyState: 1 as 1 | 3, waiting: 0, answer: 1, overflows: 0, terminated: false };
  const socket = {
    get readyState() {
      return state.readyState;
    },
    send: () => state.answer,
    getBufferedAmount: () => state.waiting,
    close: () => {},
    terminate: () => {
      state.terminated = true;
    },
  };
  const onOverflow = () => {
    state.overflows += 1;
  };
  return { state, peer: webSocketPeer({ socket, maxSubscriptions, pauseAtBytes: 100, onOverflow }) };
};

test("more may be sent while little waits, and otherwise once it has been read", async () => {
  const { state, peer } = peerUnderTest();
  expect(peer.writable()).toBe(undefined);
  state.waiting = 101;
  let resumed = false;
  const writable = peer.writable()?.then(() => {
    resumed = true;
  });
  peer.drained();
  await Promise.resolve();
  expect(resumed).toBe(false);
  state.waiting = 100;
  peer.drained();
  await writable;
  expect(peer.writable()).toBe(undefined);
});

test("nobody waits for a socket that is closed", async () => {
  const { state, peer } = peerUnderTest();
  state.waiting = 101;
  const writable = peer.writable();
  state.readyState = 3;
  peer.closed();
  await writable;
  expect(peer.writable()).toBe(undefined);
});

test("a message that is dropped ends the connection, since the client would miss it", () => {
  const { state, peer } = peerUnderTest();
  state.answer = 0;
  peer.send("m");
  expect(state).toMatchObject({ terminated: true, overflows: 1 });
});

test("a message to a socket that is closed already is nobody's fault", () => {
  const { state, peer } = peerUnderTest();
  Object.assign(state, { answer: 0, readyState: 3 });
  peer.send("m");
  expect(state).toMatchObject({ terminated: false, overflows: 0 });
});

test("it is stalled from what first waited until something was read", () => {
  const { state, peer } = peerUnderTest();
  peer.send("m");
  expect(peer.stalledSince()).toBe(undefined);
  state.answer = -1;
  peer.send("m");
  const since = peer.stalledSince() ?? Number.NaN;
  peer.send("m");
  expect(peer.stalledSince()).toBe(since);
  state.waiting = 50;
  peer.drained();
  expect(peer.stalledSince()).toBeGreaterThanOrEqual(since);
  state.waiting = 0;
  peer.drained();
  expect(peer.stalledSince()).toBe(undefined);
});

test("places for subscriptions are taken and given back", () => {
  const { peer } = peerUnderTest({ maxSubscriptions: 1 });
  const place = peer.subscribe();
  expect(peer.subscribe()).toBe(null);
  place?.[Symbol.dispose]();
  expect(peer.subscribe()).not.toBe(null);
});
