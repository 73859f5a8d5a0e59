import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@cartwright/testkit/free-port";
import { lacks } from "@cartwright/testkit/lacks";
import { startRedis } from "@cartwright/testkit/redis";
import { spawnTracked } from "@cartwright/testkit/spawn-tracked";
import { until } from "@cartwright/testkit/until";
import { describe, expect, test } from "vitest";
import { parseRedisConnection } from "../redis-connection.ts";
import { redisError } from "../redis-errors.ts";
import { openRedis } from "./open-redis.ts";

const clientOf = (url: string) => {
  const parsed = parseRedisConnection(url);
  if (!parsed.ok) throw new Error(parsed.reason);
  return openRedis(parsed.connection, { connectTimeoutMs: 300, commandTimeoutMs: 300 });
};

describe.skipIf(lacks("own redis"))("a client of a plain Redis", () => {
  test("shows its password, whatever characters it has, and not to people", async () => {
    const password = "p@ss:w/ord%, ü=1";
    await using server = await startRedis({ password });
    using client = clientOf(server.url);
    expect(await client.redis.set("a", "1")).toBe("OK");
    using stranger = clientOf(server.url.replace(encodeURIComponent(password), "hunter2"));
    const refused = redisError(await stranger.redis.get("a").catch((error: unknown) => error));
    expect(refused.name).toBe("RedisUnavailable");
    expect(Bun.inspect(refused)).not.toContain("hunter2");
  });

  test("fails what was in flight when Redis is killed, fails at once while it is away, and finds it again", async () => {
    await using server = await startRedis({ persistence: "always" });
    using client = clientOf(server.url);
    const { redis } = client;
    await redis.set("a", "1");
    const waiting = redis.exec(["BLPOP", "never", "0"]).catch(redisError);
    await server.kill();
    expect(await waiting).toMatchObject({ name: "RedisUnavailable" });
    await redis.get("a").catch(() => {});
    const startedAt = performance.now();
    for (let index = 0; index < 1_000; index++) expect(await redis.get("a").catch(redisError)).toMatchObject({ retryable: true });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    await server.start();
    expect(await until(() => redis.get<string>("a"))).toBe("1");
  }, 30_000);

  test("does not wait for a Redis that is frozen", async () => {
    await using server = await startRedis();
    using client = clientOf(server.url);
    const { redis } = client;
    await redis.set("a", "1");
    const { pid = 0 } = server;
    process.kill(pid, "SIGSTOP");
    try {
      expect(await redis.get("a").catch(redisError)).toMatchObject({ name: "RedisUnavailable" });
      expect(await redis.get("a").catch(redisError)).toMatchObject({ name: "RedisUnavailable" });
    } finally {
      process.kill(pid, "SIGCONT");
    }
    expect(await until(() => redis.get<string>("a"))).toBe("1");
  }, 30_000);

  test.skipIf(Bun.which("openssl") === null)("speaks TLS, and with nobody whose certificate it does not trust", async () => {
    const folder = mkdtempSync(join(tmpdir(), "cartwright-tls-"));
    const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
    const request = [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-days",
      "1",
      "-subj",
      "/CN=localhost",
    ];
    Bun.spawnSync(["openssl", ...request, "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate]);
    const port = await freePort();
    const tls = ["--tls-port", `${port}`, "--tls-cert-file", certificate, "--tls-key-file", key, "--tls-ca-cert-file", certificate];
    await using server = spawnTracked(["redis-server", "--port", "0", "--save", "", "--tls-auth-clients", "no", ...tls], { cwd: folder });
    await server.line(/Ready to accept connections/);
    const parsed = parseRedisConnection(`localhost:${port},ssl=true`);
    if (!parsed.ok) throw new Error(parsed.reason);
    using trusting = openRedis(parsed.connection, { ca: readFileSync(certificate, "utf8") });
    expect(await trusting.redis.set("a", "1")).toBe("OK");
    using strict = openRedis(parsed.connection);
    expect(await strict.redis.get("a").catch(redisError)).toMatchObject({ name: "RedisUnavailable" });
    rmSync(folder, { recursive: true });
  });

  test("that was closed asks nothing any more", async () => {
    await using server = await startRedis();
    const client = clientOf(server.url);
    await client.redis.set("a", "1");
    client[Symbol.dispose]();
    expect(await client.redis.get("a").catch(redisError)).toMatchObject({ name: "RedisUnavailable" });
  });
});
