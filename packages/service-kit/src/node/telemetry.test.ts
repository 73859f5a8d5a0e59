import { expect, test } from "vitest";
import { continuedSpan, currentTraceparent, span } from "../tracing.ts";
import { startTelemetry } from "./telemetry.ts";

/** Takes what a process exports, as a collector does. */
const collector = () => {
  const bodies: string[] = [];
  const server = Bun.serve({
    port: 0,
    async fetch(request) {
      bodies.push(`${new URL(request.url).pathname} ${await request.text()}`);
      return Response.json({});
    },
  });
  return { bodies, endpoint: `http://localhost:${server.port}`, [Symbol.asyncDispose]: () => server.stop(true) };
};

test("what was spanned reaches the collector when the process ends, also across an await", async () => {
  await using there = collector();
  {
    await using _telemetry = startTelemetry({ serviceName: "cart", endpoint: `${there.endpoint}/` });
    await span("append", {}, async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      expect(currentTraceparent()).toMatch(/^00-/);
    });
  }
  expect(there.bodies).toEqual([expect.stringMatching(/^\/v1\/traces .*"append"/)]);
  expect(there.bodies[0]).toMatch(`{"key":"service.name","value":{"stringValue":"cart"}}`);
  expect(span("later", {}, () => currentTraceparent())).toBeUndefined();
});

test("a trace that its caller does not record is not recorded, and is followed all the same", async () => {
  await using there = collector();
  const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
  {
    await using _telemetry = startTelemetry({ serviceName: "cart", endpoint: there.endpoint });
    const carried = continuedSpan({ name: "x", kind: "server", traceparent, attributes: {} }, () => currentTraceparent());
    expect(carried).toMatch(/^00-4bf92f3577b34da6a3ce929d0e0e4736-.*-00$/);
  }
  expect(there.bodies).toEqual([]);
});

test("without a collector nothing is traced", async () => {
  await using _telemetry = startTelemetry({ serviceName: "cart", endpoint: undefined });
  expect(span("x", {}, () => currentTraceparent())).toBeUndefined();
});
