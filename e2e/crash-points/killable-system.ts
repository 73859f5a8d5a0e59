import { join } from "node:path";
import { generateSigningKey } from "@cartwright/service-kit/token-issuer";
import { freePort } from "@cartwright/testkit/free-port";
import { spawnTracked, type TrackedProcess } from "@cartwright/testkit/spawn-tracked";
import { until } from "@cartwright/testkit/until";
import type postgres from "postgres";

export type Ask = <Answer>(path: string, input: object, options: { token: string; isQuery?: boolean }) => Promise<Answer>;

/** All services as one process on this database, which can be killed and started again where it was. */
export const killableSystem = async (connection: postgres.Options<Record<string, never>>) => {
  const signingKey = await generateSigningKey();
  const names = ["CART", "BILLING", "FRAUD", "NOTIFICATION", "PROJECTOR", "STOREFRONT", "ADMIN"];
  const ports = await Promise.all(names.map(async (name) => [`${name}_PORT`, String(await freePort())] as const));
  const environment: Record<string, string> = {
    ...Object.fromEntries(ports),
    ...{ DEFAULT_CURRENCY: "EUR", CHECKOUT_DEADLINE: "30s", PAYMENT_TIMEOUT: "1s", INTENT_LEASE: "2s" },
  };
  const url = `http://localhost:${environment.CART_PORT}`;
  const { host, port, user, password, database } = connection as Record<string, unknown>;
  const settings = { postgres: { host, port, user, password, database }, signingKey, environment };
  let running: TrackedProcess | undefined;
  let operator = "";

  const post = async <Answer>(path: string, body: object, headers: Record<string, string> = {}): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(5_000),
    });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return response.json();
  };
  const ask: Ask = async (path, input, { token, isQuery = false }) => {
    const authorization = `Bearer ${token}`;
    if (!isQuery) return (await post<Answered>(`/trpc/${path}`, { json: input }, { authorization })).result.data.json as never;
    const query = encodeURIComponent(JSON.stringify({ json: input }));
    const response = await fetch(`${url}/trpc/${path}?input=${query}`, { headers: { authorization }, signal: AbortSignal.timeout(5_000) });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    const answer: Answered = await response.json();
    return answer.result.data.json as never;
  };
  return {
    async start(): Promise<void> {
      const program = [process.execPath, join(import.meta.dirname, "serve-embedded.ts")];
      running = spawnTracked(program, { cwd: import.meta.dirname, env: { ...process.env, CRASH_POINTS: JSON.stringify(settings) } });
      operator = (await running.line(/operator: /)).split(": ").at(-1) ?? "";
    },
    async kill(): Promise<void> {
      await running?.[Symbol.asyncDispose]();
    },
    guest: async () => (await post<{ token: string }>("/api/auth/guest", {})).token,
    /** The token of somebody who keeps the shop and helps its shoppers. */
    operator: () => operator,
    ask,
    /** The same until it is answered, whoever is killed meanwhile: commands bring keys. */
    insist: async <Answer>(...asked: Parameters<Ask>): Promise<Answer> => {
      const answers: Answer[] = [];
      await until(async () => answers.push(await ask<Answer>(...asked)), { timeoutMs: 60_000, what: `an answer of ${asked[0]}` });
      return answers[0] as Answer;
    },
    [Symbol.asyncDispose]: async () => running?.[Symbol.asyncDispose](),
  };
};

type Answered = { result: { data: { json: unknown } } };

export type KillableSystem = Awaited<ReturnType<typeof killableSystem>>;
