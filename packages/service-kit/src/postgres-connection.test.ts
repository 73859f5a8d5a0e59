import { describe, expect, test } from "vitest";
import { parsePostgresConnection } from "./postgres-connection.ts";

const local = {
  host: "localhost",
  port: 5432,
  database: "postgres",
  user: "postgres",
  password: "",
  ssl: "prefer" as const,
  connection: {},
};
const cart = { ...local, host: "db.example", database: "cart", user: "shop", password: "pw" };

describe("a connection string is read", () => {
  test.each<[string, object]>([
    ["postgres://shop:pw@db.example/cart", cart],
    ["postgresql://shop:pw@db.example:6543/cart", { ...cart, port: 6543 }],
    ["postgres://", local],
    ["postgres://shop@localhost", { ...local, user: "shop", database: "shop" }],
    ["postgres://shop:p%40s%3As%2F@db.example/cart", { ...cart, password: "p@s:s/" }],
    ["postgres://shop:p@ss:w@db.example/cart", { ...cart, password: "p@ss:w" }],
    ["postgres://shop:pw@db.example/cart?sslmode=verify-full", { ...cart, ssl: "verify-full" }],
    ["postgres://shop:pw@db.example/cart?sslmode=disable", { ...cart, ssl: false }],
    ["postgres://shop:pw@db.example/cart?sslmode=require&channel_binding=require", { ...cart, ssl: "require" }],
    ["postgres://shop:pw@db.example/cart?application_name=a%20b", { ...cart, connection: { application_name: "a b" } }],
    ["postgres://shop:pw@/cart?host=/run/postgresql", { ...cart, host: "/run/postgresql" }],
    ["postgres://shop:pw@%2Frun%2Fpostgresql/cart", { ...cart, host: "/run/postgresql" }],
    ["postgres://shop:pw@[::1]:6543/cart", { ...cart, host: "::1", port: 6543 }],
    ["postgres://shop:pw@a.example:1,b.example:2/cart", { ...cart, host: "a.example:1,b.example:2" }],
    ["Host=db.example;Database=cart;Username=shop;Password=pw", cart],
    ["Host=db.example;Port=6543;Database=cart;Username=shop;Password=pw;SSL Mode=VerifyFull;", { ...cart, port: 6543, ssl: "verify-full" }],
    ["  server = db.example ; DB=cart; User Id=shop; PWD=pw; SslMode=Disable ", { ...cart, ssl: false }],
    [`HOST=db.example;DATABASE=cart;USERNAME=shop;PASSWORD="a;b=""c"""`, { ...cart, password: `a;b="c"` }],
    [`Host=db.example;Database=cart;Username=shop;Password='a;''b'`, { ...cart, password: "a;'b" }],
    ["Host=db.example;Database=cart;Username=shop;Password=a=b", { ...cart, password: "a=b" }],
    [
      "Host=db.example;Database=cart;Username=shop;Password=pw;Application Name=x;Pooling=true;Maximum Pool Size=9",
      { ...cart, connection: { application_name: "x" } },
    ],
  ])("%s", (text, connection) => {
    expect(parsePostgresConnection(text)).toEqual({ ok: true, connection } as never);
  });
});

describe("a connection string is refused", () => {
  test.each([
    ["db.example", "neither"],
    ["mysql://shop:pw@db.example/cart", "neither"],
    ["Host=db;nonsense;Password=pw", "neither"],
    ["Database=cart;Password=pw", "names no host"],
    ["Host=;Password=pw", "names no host"],
    ["Host=db;Port=many", "port"],
    ["postgres://shop:pw@db:99999/cart", "port"],
    ["postgres://shop:pw@db/cart?sslmode=maybe", "SSL mode"],
    ["postgres://shop:100%@db/cart", "%"],
    ["Host=db;Passwort=pw", "keyword Passwort"],
  ])("%s", (text, reason) => {
    const parsed = parsePostgresConnection(text);
    expect(parsed).toEqual({ ok: false, reason: expect.stringMatching(reason) } as never);
  });
});
