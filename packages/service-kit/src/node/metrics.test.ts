import { describe, expect, test } from "vitest";
import { noMetrics } from "../metrics.ts";
import { processMetrics } from "./metrics.ts";

const exposed = async (metrics: ReturnType<typeof processMetrics>) => (await metrics.expose()).body;

describe("the metrics of a process", () => {
  test("are exposed as Prometheus reads them", async () => {
    const metrics = processMetrics({ ofProcess: false });
    metrics.counter({ name: "carts_opened_total", help: "Carts", labels: ["kind"] }).add({ kind: "guest" }, 2);
    metrics.gauge({ name: "lag", help: "Lag" }).set({}, 7);
    metrics.histogram({ name: "call_seconds", help: "Calls", labels: ["procedure"] }).observe({ procedure: "addItem" }, 0.002);
    const { body, contentType } = await metrics.expose();
    expect(contentType).toMatch("text/plain; version=0.0.4");
    expect(body).toMatch("# HELP cartwright_carts_opened_total Carts");
    expect(body).toMatch(`cartwright_carts_opened_total{kind="guest"} 2`);
    expect(body).toMatch("cartwright_lag 7");
    expect(body).toMatch(`cartwright_call_seconds_bucket{le="0.001",procedure="addItem"} 0`);
    expect(body).toMatch(`cartwright_call_seconds_bucket{le="0.0025",procedure="addItem"} 1`);
  });

  test("are the same instrument where two services ask for one", async () => {
    const metrics = processMetrics({ ofProcess: false });
    for (let service = 0; service < 2; service += 1) metrics.counter({ name: "calls_total", help: "Calls" }).add({});
    expect(await exposed(metrics)).toMatch("cartwright_calls_total 2");
    expect(() => metrics.gauge({ name: "calls_total", help: "Calls" })).toThrow("of another kind");
  });

  test("tell nothing of what has ended, until it begins again", async () => {
    const metrics = processMetrics({ ofProcess: false });
    const held = metrics.gauge({ name: "held", help: "Held", labels: ["group"] });
    for (const group of ["one", "other"]) held.set({ group }, 7);
    held.remove({ group: "one" });
    held.remove({ group: "never told" });
    expect((await exposed(metrics)).match(/^cartwright_held.*/gm)).toEqual([`cartwright_held{group="other"} 7`]);
    held.set({ group: "one" }, 3);
    expect(await exposed(metrics)).toMatch(`cartwright_held{group="one"} 3`);
  });

  test("are of one process each", async () => {
    const [one, other] = [processMetrics({ ofProcess: false }), processMetrics({ ofProcess: false })];
    one.counter({ name: "calls_total", help: "Calls" }).add({});
    expect(await exposed(other)).not.toMatch("calls_total");
  });

  test("tell of the process itself", async () => {
    expect(await exposed(processMetrics())).toMatch("process_resident_memory_bytes");
  });

  test("need not be there", () => {
    noMetrics.counter({ name: "x", help: "x" }).add({});
    noMetrics.gauge({ name: "x", help: "x" }).set({}, 1);
    noMetrics.gauge({ name: "x", help: "x" }).remove({});
    noMetrics.histogram({ name: "x", help: "x", labels: ["a"] }).observe({ a: "b" }, 1);
  });
});
