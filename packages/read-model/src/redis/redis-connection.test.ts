import { describe, expect, test } from "vitest";
import { parseRedisConnection, redisConnection } from "./redis-connection.ts";

const plain = { kind: "resp", host: "cache", port: 6379, username: "", password: "", database: 0, tls: false };

describe("a connection string", () => {
  test.each([
    ["cache:6379", plain],
    ["cache", plain],
    ["cache:6380,password=p=w,ssl=true", { ...plain, port: 6380, password: "p=w", tls: true }],
    [" cache:6379 , ssl=False , user=app,abortConnect=false,defaultDatabase=3 ", { ...plain, username: "app", database: 3 }],
    ["[::1]:7000", { ...plain, host: "::1", port: 7000 }],
    ["redis://cache", plain],
    ["redis://app:p%40ss%2Cword@cache:7000/2", { ...plain, username: "app", password: "p@ss,word", port: 7000, database: 2 }],
    ["rediss://:pw@[::1]:6380", { ...plain, host: "::1", port: 6380, password: "pw", tls: true }],
    ["https://eu1-cart.upstash.io/", { kind: "rest", url: "https://eu1-cart.upstash.io" }],
    ["http://127.0.0.1:8079", { kind: "rest", url: "http://127.0.0.1:8079" }],
  ])("%s is read", (text, connection) => expect(parseRedisConnection(text)).toEqual({ ok: true, connection } as never));

  test.each([
    ["", "names no server"],
    ["password=hunter2", "names no server"],
    ["one:6379,two:6379,password=hunter2", "names several servers, and one can be used"],
    ["cache:6379,hunter2=hunter2", "has the option hunter2, which is not known here"],
    ["cache:hunter2", "its port is not one"],
    ["cache:70000", "its port is not one"],
    ["cache:6379,ssl=perhaps", "has an ssl that is neither true nor false"],
    ["redis://:hunter2@", "is no URL"],
    ["redis://:%zz@cache", "has a % that begins no encoded character"],
    ["redis://cache/hunter2", "its database is not a number"],
    ["ftp://cache", "is none of https://, redis:// and rediss://"],
    ["http://cache:8079", "is http://, which would show the token to everybody on the way"],
    ["https://default:hunter2@cache", "has a name or a password in its URL: the token belongs into UPSTASH_REDIS_REST_TOKEN"],
  ])("%s is refused, and no secret is quoted", (text, reason) => expect(parseRedisConnection(text)).toEqual({ ok: false, reason }));

  test("is a field of a configuration", () => {
    expect(redisConnection().parse("cache:6379")).toEqual(plain as never);
    expect(redisConnection().safeParse("cache:port").error?.issues[0]?.message).toBe("its port is not one");
  });
});
