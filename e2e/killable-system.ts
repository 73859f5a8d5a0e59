import { join } from "node:path";
import { operatorToken } from "@cartwright/infra/embedded/operator-token";
import { generateSigningKey } from "@cartwright/service-kit/token-issuer";
import { freePort } from "@cartwright/testkit/free-port";
import { spawnTracked, type TrackedProcess } from "@cartwright/testkit/spawn-tracked";
import { until } from "@cartwright/testkit/until";
import type postgres from "postgres";

export type Ask = <Answer>(path: string, input: object, options: AskOptions) => Promise<Answer>;
export type AskOptions = { readonly token: string; readonly isQuery?: boolean; readonly peer?: "billing" };

export type KillableOptions = {
  readonly postgres: postgres.Options<Record<string, never>>;
  readonly environment?: Readonly<Record<string, string>>;
};

const names = ["CART", "BILLING", "FRAUD", "NOTIFICATION", "PROJECTOR", "STOREFRONT", "ADMIN"];

/** All services as one process on this database, which can be killed and started again where it was. */
export const killableSystem = async ({ postgres, environment = {} }: KillableOptions) => {
  const signingKey = await generateSigningKey();
  const ports = await Promise.all(names.map(async (name) => [`${name}_PORT`, String(await freePort())] as const));
  const url = `http://localhost:${Object.fromEntries(ports).CART_PORT}`;
  const { host, port, user, password, database } = postgres as Record<string, unknown>;
  const settings = {
    postgres: { host, port, user, password, database },
    signingKey,
    environment: { ...Object.fromEntries(ports), DEFAULT_CURRENCY: "EUR", PAYMENT_TIMEOUT: "1s", INTENT_LEASE: "2s", ...environment },
  };
  let running: TrackedProcess | undefined;

  const fetched = async <Answer>(path: string, request: RequestInit): Promise<Answer> => {
    const response = await fetch(url + path, { ...request, signal: AbortSignal.timeout(5_000) });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return response.json();
  };
  const post = <Answer>(path: string, body: object, headers: Record<string, string> = {}) =>
    fetched<Answer>(path, { method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) });
  const ask: Ask = async (path, input, { token, isQuery = false, peer }) => {
    const headers = { authorization: `Bearer ${token}` };
    const at = `${peer === undefined ? "" : `/${peer}`}/trpc/${path}`;
    const answer = isQuery
      ? await fetched<Answered>(`${at}?input=${encodeURIComponent(JSON.stringify({ json: input }))}`, { headers })
      : await post<Answered>(at, { json: input }, headers);
    return answer.result.data.json as never;
  };
  return {
    url,
    async start(): Promise<void> {
      const program = [process.execPath, join(import.meta.dirname, "serve-embedded.ts")];
      running = spawnTracked(program, { cwd: import.meta.dirname, env: { ...process.env, SERVE_EMBEDDED: JSON.stringify(settings) } });
      await running.line(/serving/);
    },
    async kill(): Promise<void> {
      await running?.[Symbol.asyncDispose]();
    },
    /** As it is told to go when another one is put in its place. */
    async stop(): Promise<void> {
      running?.signalGroup("SIGTERM");
      await running?.exited;
    },
    guest: async () => (await post<{ token: string }>("/api/auth/guest", {})).token,
    /** The token of somebody who keeps the shop, its money and its shoppers. */
    operator: () => operatorToken(signingKey, operatorScopes),
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

const operatorScopes = ["catalog:write", "shop:write", "stock:write", "cart:support", "billing:read", "billing:write"];

type Answered = { result: { data: { json: unknown } } };

export type KillableSystem = Awaited<ReturnType<typeof killableSystem>>;
