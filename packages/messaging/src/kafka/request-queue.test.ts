import { createRequire } from "node:module";
import { expect, test, vi } from "vitest";

/** Of the driver's own parts, which have no types: see `patches/README.md`. */
const RequestQueue = createRequire(import.meta.resolve("kafkajs"))("./src/network/requestQueue/index.js");

const logger = { debug() {}, warn() {}, info() {}, error() {}, namespace: () => logger };

const openQueue = () =>
  new RequestQueue({
    instrumentationEmitter: { emit() {} },
    maxInFlightRequests: 1,
    requestTimeout: 30_000,
    enforceRequestTimeout: false,
    clientId: "test",
    broker: "localhost:9092",
    logger,
    isConnected: () => true,
  });

const request = (correlationId: number) => ({
  entry: { apiKey: 0, apiName: "Produce", apiVersion: 7, correlationId, resolve() {}, reject() {} },
  expectResponse: true,
  requestTimeout: 30_000,
  sendRequest: vi.fn(),
});

test("a connection to a broker on which nothing waits arms no timer", () => {
  const arm = vi.spyOn(globalThis, "setTimeout");
  try {
    const queue = openQueue();
    queue.scheduleCheckPendingRequests();
    queue.checkPendingRequests();
    expect(arm).not.toHaveBeenCalled();
  } finally {
    arm.mockRestore();
  }
});

test("a request that waits for the one before it is sent when that is answered", () => {
  const queue = openQueue();
  const [first, second] = [request(1), request(2)];
  queue.push(first);
  queue.push(second);
  expect(first.sendRequest).toHaveBeenCalledTimes(1);
  expect(second.sendRequest).not.toHaveBeenCalled();
  queue.fulfillRequest({ correlationId: 1, payload: Buffer.alloc(0), size: 0 });
  expect(second.sendRequest).toHaveBeenCalledTimes(1);
  queue.destroy();
});
