import { until } from "@cartwright/testkit/until";

export type AskOptions = { readonly token: string; readonly isQuery?: boolean; readonly peer?: "billing" };
export type Ask = <Answer>(path: string, input: object, options: AskOptions) => Promise<Answer>;

export type Asking = {
  readonly ask: Ask;
  /** The same until it is answered, whoever is killed meanwhile: commands bring keys. */
  readonly insist: Ask;
  /** The token of a new guest. */
  guest(): Promise<string>;
};

/** Calls of the gateway over HTTP, each at the origin that is answered for it. */
export const asking = (origin: () => string): Asking => {
  const fetched = async <Answer>(path: string, request: RequestInit): Promise<Answer> => {
    const response = await fetch(origin() + path, { ...request, signal: AbortSignal.timeout(5_000) });
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
    ask,
    insist: async <Answer>(...asked: Parameters<Ask>) => answered(asked[0], () => ask<Answer>(...asked)),
    guest: async () => (await answered("a guest", () => post<{ token: string }>("/api/auth/guest", {}))).token,
  };
};

const answered = async <Answer>(what: string, attempt: () => Promise<Answer>): Promise<Answer> => {
  const answers: Answer[] = [];
  await until(async () => answers.push(await attempt()), { timeoutMs: 120_000, what: `an answer of ${what}` });
  return answers[0] as Answer;
};

type Answered = { result: { data: { json: unknown } } };

/** Of whoever keeps a shop, its money and its shoppers. */
export const operatorScopes = ["catalog:write", "shop:write", "stock:write", "cart:support", "billing:read", "billing:write"];
