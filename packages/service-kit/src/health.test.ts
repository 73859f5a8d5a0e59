import { describe, expect, test } from "vitest";
import { adminApp } from "./admin-app.ts";
import { processHealth } from "./health.ts";
import { healthRoutes } from "./health-routes.ts";

const never = () => new Promise<never>(() => {});

describe("a process", () => {
  test("without checks is live and ready", async () => {
    expect(await processHealth().report()).toEqual({ live: true, ready: true, draining: false, checks: {} });
  });

  test("is not ready while one check fails, throws or does not answer, and lives on", async () => {
    const health = processHealth({ timeoutMs: 5 });
    health.register("good", { kind: "ready", check: () => ({ ok: true }) });
    health.register("bad", { kind: "ready", check: () => ({ ok: false, detail: "lag of 9" }) });
    health.register("thrown", {
      kind: "ready",
      check: () => {
        throw new Error("away");
      },
    });
    health.register("silent", { kind: "ready", check: never });
    const report = await health.report();
    expect(report).toMatchObject({ live: true, ready: false });
    expect(report.checks).toMatchObject({
      good: { ok: true, kind: "ready", durationMs: expect.any(Number) },
      bad: { ok: false, detail: "lag of 9" },
      thrown: { ok: false, detail: "away" },
      silent: { ok: false, detail: "no answer within 5 ms" },
    });
  });

  test("is neither live nor ready when a check of its life fails", async () => {
    const health = processHealth();
    health.register("loop", { kind: "live", check: () => ({ ok: false }) });
    expect(await health.report()).toMatchObject({ live: false, ready: false });
  });

  test("is not ready once it drains", async () => {
    const health = processHealth();
    await health.report();
    health.drain();
    expect(await health.report()).toMatchObject({ live: true, ready: false, draining: true });
  });

  test("is asked once a second, whoever asks", async () => {
    let time = 0;
    let asked = 0;
    const health = processHealth({ now: () => time });
    const check = () => {
      asked += 1;
      return { ok: true };
    };
    health.register("store", { kind: "ready", check });
    await Promise.all(Array.from({ length: 50 }, () => health.report()));
    time = 999;
    await health.report();
    expect(asked).toBe(1);
    time = 1_000;
    await health.report();
    expect(asked).toBe(2);
  });
});

test("whoever asks a service is told in a word", async () => {
  const health = processHealth({ keepMs: 0 });
  const app = healthRoutes(health);
  expect(await (await app.request("/live")).json()).toEqual({ status: "ok" });
  expect((await app.request("/ready")).status).toBe(200);
  health.register("store", { kind: "ready", check: () => ({ ok: false, detail: "10.0.0.7 is away" }) });
  expect((await app.request("/live")).status).toBe(200);
  const answer = await app.request("/ready");
  expect([answer.status, await answer.text()]).toEqual([503, `{"status":"failing"}`]);
});

describe("the admin listener", () => {
  const started = () => {
    const health = processHealth({ keepMs: 0 });
    const app = adminApp({ health, exposeMetrics: async () => ({ contentType: "text/plain; version=0.0.4", body: "carts_total 1\n" }) });
    return { health, app };
  };

  test("tells each check, and no secret", async () => {
    const { health, app } = started();
    health.register("store", {
      kind: "ready",
      check: () => {
        throw new Error("cannot reach postgres://cart:s3cr3t@db/cart");
      },
    });
    const answer = await app.request("/health");
    expect(answer.status).toBe(503);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({ ready: false, checks: { store: { ok: false, detail: expect.stringMatching("postgres") } } });
    expect(text).not.toMatch("s3cr3t");
  });

  test("exposes the metrics", async () => {
    const answer = await started().app.request("/metrics");
    expect([answer.headers.get("content-type"), await answer.text()]).toEqual(["text/plain; version=0.0.4", "carts_total 1\n"]);
  });

  test("answers an orchestrator, too", async () => {
    expect((await started().app.request("/health/ready")).status).toBe(200);
  });

  test("turns away a page in an operator's browser, also from a route that steers", async () => {
    const { app } = started();
    app.post("/drain", (c) => c.text("draining"));
    expect((await app.request("/drain", { method: "POST" })).status).toBe(200);
    for (const origin of ["https://evil.example", "http://localhost:9105", "null"]) {
      expect((await app.request("/drain", { method: "POST", headers: { origin } })).status).toBe(403);
    }
  });

  test("has nothing else", async () => {
    expect((await started().app.request("/")).status).toBe(404);
  });
});
