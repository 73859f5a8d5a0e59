import type { Refusal } from "@cartwright/contracts/refusals";
import { initTRPC, TRPCError } from "@trpc/server";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import superjson from "superjson";
import { describe, expect, test, vi } from "vitest";
import { createCartwrightClient } from "./create-cartwright-client.ts";
import { newCartId } from "./ids.ts";
import { isRefusal, refusalOf } from "./is-refusal.ts";
import { productId } from "./spec.ts";

class Refused extends TRPCError {
  readonly refusal: Refusal;
  constructor(code: TRPCError["code"], refusal: Refusal) {
    super({ code });
    this.refusal = refusal;
  }
}

const t = initTRPC.context<{ token: string | undefined }>().create({
  transformer: superjson,
  isDev: false,
  errorFormatter: ({ shape, error }) => ({
    ...shape,
    data: { ...shape.data, ...(error instanceof Refused && { refusal: error.refusal }) },
  }),
});

type Answer = (call: { input: Record<string, unknown>; token: string | undefined }) => unknown;

/** The service's procedures, as the test has them answer, and what they were asked. */
const serviceWith = (answers: { addItem?: Answer; view?: Answer; guest?: Answer; putMany?: Answer } = {}) => {
  const asked: { path: string; input: Record<string, unknown>; token: string | undefined }[] = [];
  const procedure = (path: string, answer: Answer = () => ({})) =>
    t.procedure
      .input((input) => input as Record<string, unknown>)
      .use(({ input, ctx, next }) => {
        asked.push({ path, input, token: ctx.token });
        return next({ ctx: { answer: () => answer({ input, token: ctx.token }) } });
      });
  const router = t.router({
    auth: t.router({ guest: procedure("auth.guest", answers.guest).mutation(({ ctx }) => ctx.answer()) }),
    catalog: t.router({ putMany: procedure("catalog.putMany", answers.putMany).mutation(({ ctx }) => ctx.answer()) }),
    cart: t.router({
      addItem: procedure("cart.addItem", answers.addItem).mutation(({ ctx }) => ctx.answer()),
      view: procedure("cart.view", answers.view).query(({ ctx }) => ctx.answer()),
    }),
  });
  const requests: string[] = [];
  const answer = async (url: string, init: RequestInit) => {
    requests.push(new URL(url).pathname);
    const token = new Headers(init.headers).get("authorization")?.replace("Bearer ", "");
    return fetchRequestHandler({ endpoint: "/trpc", req: new Request(url, init), router, createContext: () => ({ token }) });
  };
  return { asked, requests, answer, fetch: vi.fn(answer) };
};

const url = "http://shop.test";
const item = { cartId: newCartId(), productId: productId("shoes"), quantity: 1 };
const lost = () => Promise.reject(new TypeError("fetch failed"));

describe("a command", () => {
  test("whose answer was lost is sent again under the same key, which the client made", async () => {
    const { asked, answer, fetch } = serviceWith({ addItem: () => ({ version: 2, position: 7n }) });
    const client = createCartwrightClient({ url, token: "ada", fetch });
    fetch.mockImplementationOnce(lost).mockImplementationOnce(async (...request) => {
      await answer(...request);
      return lost();
    });
    expect(await client.cart.addItem.mutate(item)).toEqual({ version: 2, position: 7n } as never);
    const keys = asked.map(({ input }) => input.idempotencyKey);
    expect(keys).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), keys[0]]);
  });

  test("keeps the key that it comes with", async () => {
    const { asked, fetch } = serviceWith();
    await createCartwrightClient({ url, fetch }).cart.addItem.mutate({ ...item, idempotencyKey: "mine" as never });
    expect(asked[0]?.input.idempotencyKey).toBe("mine");
  });

  test("that takes no key is not sent again", async () => {
    const { fetch } = serviceWith();
    fetch.mockImplementationOnce(lost);
    await expect(createCartwrightClient({ url, fetch }).catalog.putMany.mutate({ products: [] })).rejects.toThrow("fetch failed");
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  test("that is refused is not sent again, and the refusal is known by its name", async () => {
    const refusal: Refusal = { code: "NotInCart", productId: productId("shoes") };
    const { asked, fetch } = serviceWith({
      addItem: () => {
        throw new Refused("NOT_FOUND", refusal);
      },
    });
    const error: unknown = await createCartwrightClient({ url, fetch })
      .cart.addItem.mutate(item)
      .catch((it: unknown) => it);
    expect(asked).toHaveLength(1);
    expect(refusalOf(error)).toEqual(refusal);
    expect([isRefusal(error), isRefusal(error, "NotInCart"), isRefusal(error, "CartFull")]).toEqual([true, true, false]);
    expect([refusalOf(new Error("no")), isRefusal("no")]).toEqual([null, false]);
  });
});

describe("a question", () => {
  test("is asked again while the service is away, and no more than four times", async () => {
    const away = vi.fn<Answer>(() => {
      throw new TRPCError({ code: "SERVICE_UNAVAILABLE" });
    });
    const client = createCartwrightClient({ url, fetch: serviceWith({ view: away }).fetch });
    await expect(client.cart.view.query({ cartId: item.cartId })).rejects.toThrow("SERVICE_UNAVAILABLE");
    expect(away).toHaveBeenCalledTimes(4);
  });

  test("is asked again when something else than the service answers", async () => {
    const { fetch } = serviceWith({ view: () => "the cart" });
    fetch.mockImplementationOnce(async () => new Response("<h1>Bad gateway</h1>", { status: 502 }));
    const client = createCartwrightClient({ url, fetch });
    expect(await client.cart.view.query({ cartId: item.cartId })).toBe("the cart" as never);
  });

  test("is not asked again where nothing of the kind is", async () => {
    const { fetch } = serviceWith();
    fetch.mockImplementationOnce(async () => new Response("<h1>Not found</h1>", { status: 404 }));
    await expect(createCartwrightClient({ url, fetch }).cart.view.query({ cartId: item.cartId })).rejects.toThrow("is not the service's");
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  test("ends at once when it is aborted, also while it waits to be asked again", async () => {
    const { fetch } = serviceWith();
    const abort = new AbortController();
    fetch.mockImplementation(() => {
      queueMicrotask(() => abort.abort(new Error("enough")));
      return lost();
    });
    const client = createCartwrightClient({ url, fetch });
    await expect(client.cart.view.query({ cartId: item.cartId }, { signal: abort.signal })).rejects.toThrow("enough");
    await expect(client.cart.view.query({ cartId: item.cartId }, { signal: abort.signal })).rejects.toThrow("enough");
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  test("that is not answered in time is asked again", async () => {
    const { fetch } = serviceWith({ view: () => "the cart" });
    fetch.mockImplementationOnce(
      (_url, init) => new Promise((_, reject) => init.signal?.addEventListener("abort", () => reject(init.signal?.reason))),
    );
    const client = createCartwrightClient({ url, fetch, timeoutMs: 20 });
    expect(await client.cart.view.query({ cartId: item.cartId })).toBe("the cart" as never);
  });
});

describe("the token", () => {
  const checking =
    (good: string): Answer =>
    ({ token }) => {
      if (token !== good) throw new Refused("UNAUTHORIZED", { code: "Unauthenticated", reason: "expired" });
      return { version: 1, position: 1n };
    };

  test("that has run out is replaced once for all calls that meet it, and each is made again under its own key", async () => {
    const { asked, fetch } = serviceWith({ addItem: checking("new"), view: checking("new") });
    const getToken = vi.fn(async (rejected: string | null) => (rejected === "old" ? "new" : "old"));
    const client = createCartwrightClient({ url, getToken, fetch });
    await Promise.all([
      client.cart.addItem.mutate(item),
      client.cart.addItem.mutate(item),
      client.cart.view.query({ cartId: item.cartId }),
    ]);
    expect(getToken.mock.calls).toEqual([[null], ["old"]]);
    const keys = asked.flatMap(({ input }) => input.idempotencyKey ?? []);
    expect(keys).toHaveLength(4);
    expect(new Set(keys).size).toBe(2);
  });

  test("that is refused twice is refused for good", async () => {
    const { asked, fetch } = serviceWith({ view: checking("never") });
    const client = createCartwrightClient({ url, getToken: async () => crypto.randomUUID(), fetch });
    const error = await client.cart.view.query({ cartId: item.cartId }).catch((it: unknown) => it);
    expect(isRefusal(error, "Unauthenticated")).toBe(true);
    expect(asked).toHaveLength(2);
  });

  test("may be asked of the client itself: signing in needs none", async () => {
    const { asked, fetch } = serviceWith({ guest: () => ({ token: "guest" }), view: checking("guest") });
    const client = createCartwrightClient({ url, fetch, getToken: async () => (await client.auth.guest.mutate()).token });
    await client.cart.view.query({ cartId: item.cartId });
    expect(asked.map(({ path, token }) => [path, token])).toEqual([
      ["auth.guest", undefined],
      ["cart.view", "guest"],
    ]);
  });

  test("is another one once somebody else speaks", async () => {
    const { asked, fetch } = serviceWith();
    let who = "guest";
    const client = createCartwrightClient({ url, fetch, getToken: () => who });
    await client.cart.view.query({ cartId: item.cartId });
    who = "ada";
    await client.cart.view.query({ cartId: item.cartId });
    client.renewToken();
    await client.cart.view.query({ cartId: item.cartId });
    expect(asked.map(({ token }) => token)).toEqual(["guest", "guest", "ada"]);
  });
});

describe("calls of one moment", () => {
  test("travel together", async () => {
    const { requests, fetch } = serviceWith();
    const client = createCartwrightClient({ url: `${url}/`, token: "ada", fetch });
    await Promise.all([client.cart.addItem.mutate(item), client.cart.addItem.mutate(item)]);
    expect(requests).toEqual(["/trpc/cart.addItem,cart.addItem"]);
  });

  test("of more than a batch may hold travel in several", async () => {
    const { requests, fetch } = serviceWith();
    const client = createCartwrightClient({ url, token: "ada", fetch });
    await Promise.all(Array.from({ length: 60 }, () => client.cart.addItem.mutate(item)));
    expect(requests.map((path) => path.split(",").length)).toEqual([50, 10]);
  });
});

test("what is no call says so, and a client may be awaited", async () => {
  const client = createCartwrightClient({ url });
  expect(await client.cart).toBeDefined();
  // What the compiler forbids is what is tried here.
  expect(() => (client.cart.view as never as () => void)()).toThrow("cart.view is not a call");
});
