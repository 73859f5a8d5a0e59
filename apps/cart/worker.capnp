# The cart service on workerd, in memory. First `bun run build:worker`, then `npx workerd serve apps/cart/worker.capnp`.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "cart", worker = .cart)],
  sockets = [(name = "http", address = "*:5105", http = (), service = "cart")],
);

const cart :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "dist/worker.js")],
  compatibilityDate = "2026-11-01",
  bindings = [
    (name = "CART", durableObjectNamespace = "CartService"),
    (name = "CATALOGUE", json = embed "../../infra/catalogue/demonstration.json"),
    (name = "DEFAULT_CURRENCY", text = "VND"),
  ],
  # What it holds is only there as long as it is.
  durableObjectNamespaces = [(className = "CartService", uniqueKey = "cart", preventEviction = true)],
  durableObjectStorage = (inMemory = void),
);
