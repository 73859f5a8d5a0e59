/** Every key of a Redis with all that it holds, as texts. */
export const redisTexts = async (url: string): Promise<readonly string[]> => {
  const client = new Bun.RedisClient(url);
  try {
    const keys: string[] = [];
    let cursor = "0";
    do {
      const [next, page]: [string, string[]] = await client.send("SCAN", [cursor, "COUNT", "500"]);
      keys.push(...page);
      cursor = next;
    } while (cursor !== "0");
    return await Promise.all(
      keys.map(async (key) => {
        const type: string = await client.send("TYPE", [key]);
        const read = reads[type];
        if (!read) throw new Error(`${key} is a ${type}, which is not looked into`);
        return JSON.stringify([key, await client.send(read[0], [key, ...read.slice(1)])]);
      }),
    );
  } finally {
    client.close();
  }
};

const reads: Readonly<Record<string, readonly [string, ...string[]]>> = {
  string: ["GET"],
  zset: ["ZRANGE", "0", "-1", "WITHSCORES"],
  hash: ["HGETALL"],
  set: ["SMEMBERS"],
  list: ["LRANGE", "0", "-1"],
};
