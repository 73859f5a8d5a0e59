import { CartId, CorrelationId, IdempotencyKey, ProductId, SubjectId } from "@cartwright/contracts/ids";
import type { Money } from "@cartwright/contracts/money";
import { Contact } from "@cartwright/contracts/personal-data";
import type { QuoteHash } from "@cartwright/contracts/pricing-shapes";
import { ProductData } from "@cartwright/contracts/product-data";
import { createTRPCClient, httpBatchLink, TRPCClientError } from "@trpc/client";
import superjson from "superjson";
import { Email } from "./auth/account-store.ts";
import type { Passwords } from "./auth/passwords.ts";
import type { Caller } from "./carts/caller.ts";
import type { Catalog } from "./catalog/catalog.ts";
import { type InMemoryCartOptions, inMemoryCart } from "./in-memory-cart.ts";
import type { CartServiceRouter } from "./router.ts";

/** The whole service in memory, with a few products and accounts, as a client meets it. For tests. */
export const cartUnderTest = async (options: InMemoryCartOptions = {}) => {
  const cart = await inMemoryCart({ passwords: plainPasswords, ...options });
  await loadTestProducts(cart.services.catalog);
  for (const { name, scopes } of testAccounts) {
    const email = Email.parse(`${name}@example.com`);
    await cart.accounts.add({ subject: `user-${name}`, email, passwordHash: "password", scopes: [...scopes], disabledAt: null });
  }
  const { auth } = cart.services;
  return {
    ...cart,
    ...clientsOf((request) => cart.app.fetch(request)),
    guest: async () => (await auth.guest()).token,
    token: async (name: TestAccount) => {
      const tokens = await auth.signIn({ email: Email.parse(`${name}@example.com`), password: "password" });
      if (!tokens.ok) throw new Error(`${name} could not sign in`);
      return tokens.value.token;
    },
  };
};

export type CartUnderTest = Awaited<ReturnType<typeof cartUnderTest>>;

const testAccounts = [
  { name: "ada", scopes: [] },
  { name: "grace", scopes: [] },
  { name: "support", scopes: ["cart:support", "privacy:manage"] },
  { name: "shop", scopes: ["cart:price"] },
  { name: "merchant", scopes: ["catalog:write"] },
] as const;
export type TestAccount = (typeof testAccounts)[number]["name"];

/** How a client reaches a service, wherever it runs. */
export const clientsOf = (fetch: (request: Request) => Response | Promise<Response>, origin = "http://cart.test") => ({
  /** tRPC as the typed client speaks it. */
  trpc: (token?: string) =>
    createTRPCClient<CartServiceRouter>({
      links: [
        httpBatchLink({
          url: `${origin}/trpc`,
          transformer: superjson,
          headers: authorization(token),
          fetch: async (url, init) => fetch(new Request(String(url), init as RequestInit)),
        }),
      ],
    }),
  rest: async (method: string, path: string, { token, body, headers }: RestRequest = {}) =>
    fetch(
      new Request(origin + path, {
        method,
        headers: { ...authorization(token), ...(body !== undefined && { "content-type": "application/json" }), ...headers },
        ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
      }),
    ),
});

export type RestRequest = { token?: string; body?: unknown; headers?: Record<string, string> };

const authorization = (token: string | undefined): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` };

/** What a call is refused for; `null` when it is not. */
export const refusalOf = async (call: Promise<unknown>) => {
  try {
    await call;
    return null;
  } catch (error) {
    if (error instanceof TRPCClientError) return error.data?.refusal ?? error.message;
    throw error;
  }
};

export const aCartId = (): CartId => CartId.parse(crypto.randomUUID());
export const aKey = (text: string = crypto.randomUUID()): IdempotencyKey => IdempotencyKey.parse(text);
export const laptop = ProductId.parse("prod-456");
export const mouse = ProductId.parse("mouse");
export const retired = ProductId.parse("typewriter");

export const eur = (amountMinor: number): Money => ({ amountMinor, currency: "EUR" });

export const product = (name: string, prices: Money[]) =>
  ProductData.parse({ name, description: "", category: "computers", image: null, tags: [], prices, stockId: null });

export const testProducts = [
  { productId: laptop, product: product("Gaming Laptop", [eur(25_000_000), { amountMinor: 27_000_000, currency: "USD" }]) },
  { productId: mouse, product: product("Mouse", [eur(1_999)]) },
  { productId: retired, product: product("Typewriter", [eur(9_900)]) },
];

/** Who keeps the test's catalogue. */
export const merchant: Caller = {
  subject: SubjectId.parse("user-merchant"),
  kind: "user",
  scopes: new Set(["catalog:write"]),
  correlationId: CorrelationId.parse("test"),
};

export const loadTestProducts = async (catalog: Catalog): Promise<void> => {
  await catalog.putMany(merchant, testProducts);
  await catalog.retire(merchant, { productId: retired });
};

const plainPasswords: Passwords = { hash: async (password) => password, verify: async (password, hash) => password === hash };

/** A contact of nobody. */
export const aContact = Contact.parse({ email: "ada@example.com", locale: "en" });

type Quoting = { readonly cart: { readonly quote: { mutate(input: { cartId: CartId }): Promise<{ readonly quoteHash: QuoteHash }> } } };

/** The shopper looks at what it costs, and agrees. */
export const agreed = async <Paying extends { readonly cartId: CartId }>({ cart }: Quoting, paying: Paying) => {
  const { quoteHash } = await cart.quote.mutate({ cartId: paying.cartId });
  return { ...paying, quoteHash, contact: aContact };
};
