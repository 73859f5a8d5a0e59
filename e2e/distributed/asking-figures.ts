import type { DistributedSystem } from "./distributed-system.ts";
import { ops } from "./ops.ts";

/** Somebody who asks for the figures of these days again and again, once each time, and keeps what went wrong. */
export const startAskingFigures = async (system: Pick<DistributedSystem, "environment" | "url">) => {
  const token = (await ops(["--scope", "ops:read"], system.environment, "token")).trim();
  const [from, to] = [-1, 1].map((days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10));
  const input = encodeURIComponent(JSON.stringify({ json: { from, to } }));
  const url = `${system.url("cart")}/projector/trpc/projector.figures?input=${input}`;
  const faults: string[] = [];
  let answers = 0;
  let over = false;
  const ask = async () => {
    while (!over) {
      try {
        const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
        if (response.ok) answers += 1;
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
    async stop() {
      over = true;
      await asking;
    },
  };
};
