/** FNV-1a over the id's code units with a final avalanche. Stored logs depend on it: it never changes. */
export const shardOf = (streamId: string, shards: number): number => {
  let hash = 0x811c9dc5;
  for (let index = 0; index < streamId.length; index++) {
    hash = Math.imul(hash ^ streamId.charCodeAt(index), 0x01000193);
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  hash ^= hash >>> 16;
  return (hash >>> 0) % shards;
};
