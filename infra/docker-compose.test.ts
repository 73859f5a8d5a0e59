import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { parsePostgresConnection } from "@cartwright/service-kit/postgres-connection";
import { hasProgram } from "@cartwright/testkit/has-program";
import { expect, test } from "vitest";
import * as z from "zod";
import { COMPOSE_FILE, dockerEnvironment } from "./services/docker.ts";

const compose = z
  .object({
    services: z.record(
      z.string(),
      z.object({ image: z.string(), ports: z.array(z.string()), environment: z.record(z.string(), z.string()).optional() }),
    ),
  })
  .parse(Bun.YAML.parse(readFileSync(COMPOSE_FILE, "utf8")));

const required = process.env.REQUIRE_SERVERS === "1";

test.skipIf(!hasProgram("docker-compose") && !required)("docker-compose accepts the file", { timeout: 30_000 }, () => {
  const { status, stderr, error } = spawnSync("docker-compose", ["--file", COMPOSE_FILE, "config", "--quiet"], { encoding: "utf8" });
  expect({ status, stderr, error }).toEqual({ status: 0, stderr: "", error: undefined });
});

test("it has what the system runs on, each of a named version", () => {
  expect(Object.keys(compose.services)).toEqual(["kafka", "postgres", "redis", "mail"]);
  for (const { image } of Object.values(compose.services)) expect(image).toMatch(/^[\w/-]+:v?\d[\d.]*$/);
});

test("only this machine reaches it", () => {
  for (const { ports } of Object.values(compose.services)) for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
});

test("it is where the services are told to look", () => {
  const { kafka, postgres, redis, mail } = compose.services;
  expect(mail?.ports).toContain(`${new URL(dockerEnvironment.mail.value).host}:1025`);
  expect(kafka?.ports).toContain(`${dockerEnvironment.kafka.value}:9092`);
  expect(kafka?.environment?.KAFKA_ADVERTISED_LISTENERS).toContain(`HOST://${dockerEnvironment.kafka.value},`);
  expect(redis?.ports).toContain(`${dockerEnvironment.redis.value}:6379`);
  const parsed = parsePostgresConnection(dockerEnvironment.postgres.value);
  if (!parsed.ok) throw new Error(parsed.reason);
  const { host, port, user, password, database } = parsed.connection;
  expect(postgres?.ports).toContain(`${host}:${port}:5432`);
  expect({ user, password, database }).toEqual({
    user: postgres?.environment?.POSTGRES_USER ?? "",
    password: postgres?.environment?.POSTGRES_PASSWORD ?? "",
    database: postgres?.environment?.POSTGRES_DB ?? "",
  });
});
