import type { DistributedSystem } from "./distributed-system.ts";
import { ops } from "./ops.ts";

type Answer = {
  readonly days: readonly { readonly currencies: readonly { readonly carts: number; readonly orders: number }[] }[];
  readonly behind: Readonly<Record<string, number | null>>;
};

/**
 * Somebody who asks for the figures of these days again and again, once each time, and keeps what went wrong: that there was no answer, or
 * that one which is said to be whole has less than one before.
 */
export const startAskingFigures = async (system: Pick<DistributedSystem, "environment" | "url">) => {
  const token = (await ops(["--scope", "ops:read"], system.environment, "token")).trim();
  const [from, to] = [-1, 1].map((days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10));
  const input = encodeURIComponent(JSON.stringify({ json: { from, to } }));
  const url = `${system.url("cart")}/projector/trpc/projector.figures?input=${input}`;
  const faults: string[] = [];
  let answers = 0;
  let most = 0;
  let isWhole = false;
  let over = false;
  const look = ({ days, behind }: Answer) => {
    answers += 1;
    isWhole = Object.values(behind).every((events) => events === 0);
    if (!isWhole) return;
    const all = days.flatMap(({ currencies }) => currencies).reduce((sum, { carts, orders }) => sum + carts + orders, 0);
    if (all < most) faults.push(`${all} carts and orders after ${most}`);
    most = Math.max(most, all);
  };
  const ask = async () => {
    while (!over) {
      try {
        const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
        if (response.ok) look((await response.json()).result.data.json);
        else faults.push(`${response.status} ${await response.text()}`);
      } catch (error) {
        faults.push(String(error));
      }
    }
  };
  const asking = ask();
  return {
    faults,
    answers: () => answers,
    /** Whether the last answer was. */
    isWhole: () => isWhole,
    async stop() {
      over = true;
      await asking;
    },
  };
};
