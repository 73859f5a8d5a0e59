import { freePort } from "@cartwright/testkit/free-port";
import { Hono } from "hono";
import { describe, expect, test } from "vitest";
import { silentLogger } from "../logger.ts";
import { serviceApp } from "../service-app.ts";
import { serve } from "./serve.ts";

const app = new Hono().get("/", (c) => c.text("here"));
const local = { hostname: "127.0.0.1", variable: "CART_PORT" };

describe("a served app", () => {
  test("answers on its port until it is stopped, which may be asked twice", async () => {
    const served = serve({ ...local, app, port: await freePort() });
    expect(served.url).toBe(`http://127.0.0.1:${served.port}`);
    expect(await (await fetch(served.url)).text()).toBe("here");
    await served.stop();
    await served.stop();
    await expect(fetch(served.url)).rejects.toThrow();
  });

  test("answers HEAD with the length that GET has, and with none where that has none", async () => {
    const sized = serviceApp({ logger: silentLogger });
    sized.get("/json", (c) => c.json({ name: "Ségolène" }));
    sized.get("/stream", (c) => c.body(null, 200, { "content-type": "text/event-stream" }));
    await using served = serve({ ...local, app: sized, port: 0 });
    const head = (path: string) => fetch(served.url + path, { method: "HEAD" });
    const body = await (await fetch(`${served.url}/json`)).bytes();
    const answer = await head("/json");
    expect([answer.status, answer.headers.get("content-length"), await answer.text()]).toEqual([200, String(body.byteLength), ""]);
    expect((await head("/stream")).headers.get("content-length")).toBe(null);
    expect((await head("/nowhere")).headers.get("content-length")).toMatch(/^[1-9]\d+$/);
  });

  test("takes any free port where it is given none", async () => {
    await using served = serve({ ...local, app, port: 0 });
    expect(served.port).toBeGreaterThan(0);
  });

  test("says of a taken port which it is and which variable changes it", async () => {
    await using taken = serve({ ...local, app, port: 0 });
    expect(() => serve({ ...local, app, port: taken.port })).toThrow(new RegExp(`port ${taken.port} is taken: set CART_PORT`));
  });

  test("ends what is under way before it stops", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const entered = Promise.withResolvers<void>();
    const slow = new Hono().get("/", async (c) => {
      entered.resolve();
      await promise;
      return c.text("done");
    });
    const served = serve({ ...local, app: slow, port: 0 });
    const asked = fetch(served.url);
    await entered.promise;
    const stopped = served.stop();
    resolve();
    expect(await (await asked).text()).toBe("done");
    await stopped;
  });

  test("does not wait for ever for what does not end", async () => {
    const entered = Promise.withResolvers<void>();
    const stuck = new Hono().get("/", () => {
      entered.resolve();
      return new Promise<never>(() => {});
    });
    const served = serve({ ...local, app: stuck, port: 0 });
    const asked = fetch(served.url).then(
      () => "answered",
      () => "closed",
    );
    await entered.promise;
    await served.stop({ graceMs: 20 });
    expect(await asked).toBe("closed");
  });

  test("tells nothing of what it throws", async () => {
    await using served = serve({
      ...local,
      port: 0,
      app: {
        fetch: () => {
          throw new Error("s3cr3t");
        },
      },
    });
    const answer = await fetch(served.url);
    expect([answer.status, await answer.text()]).toEqual([500, ""]);
  });
});

describe("a body that is too large", () => {
  const sized = () => {
    const served = serviceApp({ logger: silentLogger });
    served.post("/", async (c) => c.json({ size: (await c.req.text()).length }));
    return serve({ ...local, app: served, port: 0 });
  };

  test("is refused in words over HTTP, whole or in chunks", async () => {
    await using served = sized();
    const body = "x".repeat(2_000_000);
    for (const sent of [body, new Blob([body]).stream()]) {
      const answer = await fetch(served.url, { method: "POST", body: sent });
      expect(answer.status).toBe(413);
      expect(await answer.json()).toMatchObject({ refusal: { code: "BodyTooLarge" } });
    }
    expect(await (await fetch(served.url, { method: "POST", body: "x".repeat(1_000_000) })).json()).toEqual({ size: 1_000_000 });
  });

  test("is cut off by the server where it is much too large", async () => {
    await using served = sized();
    const answer = await fetch(served.url, { method: "POST", body: "x".repeat(17 * 1_048_576) });
    expect(answer.status).toBe(413);
  });
});
