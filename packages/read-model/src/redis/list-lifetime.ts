import { CartStatus } from "@cartwright/contracts/cart-shapes";
import { placedList } from "./cart-view-keys.ts";

/** How long a subject's lists are kept after they were last read or added to: 30 days. Then whoever asks has them filled again. */
export const listTtlSeconds = 30 * 24 * 60 * 60;

/** How long a filling may stand still before another one begins anew. */
export const fillTtlSeconds = 30;

/** How long lists that wait to be filled are added to, until somebody asks for them again. */
export const waitTtlSeconds = 60 * 60;

/** As the scripts take them: the names of all lists that a subject may have. */
export const listNames = ["all", placedList, ...CartStatus.options].join(" ");

/**
 * For scripts: `keep` has a subject's lists live for so many seconds. What says that they are whole goes first: a list that went
 * before it would be taken for an empty one.
 */
export const keepLists = `
local keep = function(listed, list_prefix, names, subject, seconds)
  redis.call('EXPIRE', listed, seconds)
  for which in string.gmatch(names, '%a+') do redis.call('EXPIRE', list_prefix .. which .. ':' .. subject, seconds + 86400) end
end`;

/**
 * For scripts that are about the version that is shown, whose number is at KEYS[1]. ARGV: what all keys of the projection begin
 * with, how many shards, the log's epoch. Ends the script where some shard is not ready; else `base` is what the version's keys
 * begin with, and `positions` are those of its marks.
 */
export const ifReady = `
local version = redis.call('GET', KEYS[1])
if not version then return { 'filling' } end
local base = ARGV[1] .. version .. ':'
local positions = {}
for shard = 0, tonumber(ARGV[2]) - 1 do
  local epoch, position, ready_at = string.match(redis.call('GET', base .. 'mark:' .. shard) or '', '^(%S+) (%d+) %S+ (%d+)$')
  if epoch ~= ARGV[3] or tonumber(position) < tonumber(ready_at) then return { 'filling' } end
  positions[shard + 1] = position
end`;
