import { freePort } from "@cartwright/testkit/free-port";
import { expect, test } from "vitest";
import { listen, PortError } from "./listen.ts";

const serve = (port: number) => {
  const server = Bun.serve({ port, fetch: () => new Response("ours") });
  return { port: server.port, [Symbol.dispose]: () => void server.stop(true) };
};

test("a free port is opened", async () => {
  const port = await freePort();
  using server = listen({ port, variable: "CART_PORT", serve });
  expect(server.port).toBe(port);
});

test("a taken port is refused in one line that names it and the variable that changes it", async () => {
  using taken = serve(0);
  const again = () => listen({ port: taken.port ?? 0, variable: "CART_PORT", serve });
  expect(again).toThrow(PortError);
  expect(again).toThrow(new RegExp(`^port ${taken.port} is taken: set CART_PORT to another one.*$`));
});

test("anything else that fails is not about the port", () => {
  const broken = () => {
    throw new TypeError("no such thing");
  };
  expect(() => listen({ port: 1, variable: "CART_PORT", serve: broken })).toThrow(TypeError);
});
