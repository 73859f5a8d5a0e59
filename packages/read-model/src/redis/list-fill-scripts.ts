import { ifReady, keepLists } from "./list-lifetime.ts";

/**
 * Begins the filling of a subject's lists: from now on flushes add to them what is newer than the marks of this moment. KEYS and
 * first three ARGV: see `ifReady`; then whose, the filling's token, its seconds to live, the names of the lists.
 * Answers the version and the positions that are to be filled up to; or `whole`, `taken` by another filling, or `filling` for a
 * projection that is not ready. One that waits is gone on with, from where it began.
 */
export const beginFillScript = `${ifReady}
local subject, token = ARGV[4], ARGV[5]
local listed = base .. 'listed:' .. subject
local state = redis.call('GET', listed)
if state == 'whole' then return { 'whole' } end
local whose, from = string.match(state or '', '^filling (%S+) 0 (%S+)$')
if state and whose ~= '-' and whose ~= token then return { 'taken' } end
if not from then
  -- What is left of lists that have run out lacks what came since.
  for which in string.gmatch(ARGV[7], '%a+') do redis.call('UNLINK', base .. 'carts:' .. which .. ':' .. subject) end
  from = table.concat(positions, ',')
end
redis.call('SET', listed, 'filling ' .. token .. ' 0 ' .. from, 'EX', ARGV[6])
return { version, from }`;

/**
 * Adds some carts to lists that are being filled. KEYS: what says how they stand, then the carts' views. ARGV: what lists' keys
 * begin with, their names, whose, the filling's token, which part this is from 0 on, `1` for the last one, the seconds that whole
 * lists live, those of a filling; then of each cart its id, when it was opened, when it was ordered or "", and its status, which
 * counts where there is no view. Answers `whole`, `filling`, or `lost` where the filling is another one's by now, or where Redis
 * has lost a part of it: then nothing was added.
 */
export const addFillScript = `${keepLists}
local list_prefix, names, subject = ARGV[1], ARGV[2], ARGV[3]
local state = redis.call('GET', KEYS[1])
if state == 'whole' then return 'whole' end
local token, parts, from = string.match(state or '', '^filling (%S+) (%d+) (%S+)$')
local part = tonumber(ARGV[5])
if token ~= ARGV[4] then return 'lost' end
-- Whose answer was lost on the way is sent again.
if tonumber(parts) == part + 1 then return 'filling' end
if tonumber(parts) ~= part then return 'lost' end
for i = 2, #KEYS do
  local at = 4 * (i - 2) + 9
  local cart_id, opened_at, placed_at = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  local status = string.match(redis.call('GETRANGE', KEYS[i], 0, 63), '^%d+ (%a+)\\n') or ARGV[at + 3]
  redis.call('ZADD', list_prefix .. 'all:' .. subject, opened_at, cart_id)
  redis.call('ZADD', list_prefix .. status .. ':' .. subject, opened_at, cart_id)
  if placed_at ~= '' then redis.call('ZADD', list_prefix .. 'placed:' .. subject, placed_at, cart_id) end
end
local is_last = ARGV[6] == '1'
redis.call('SET', KEYS[1], is_last and 'whole' or 'filling ' .. token .. ' ' .. (part + 1) .. ' ' .. from)
keep(KEYS[1], list_prefix, names, subject, tonumber(is_last and ARGV[7] or ARGV[8]))
return is_last and 'whole' or 'filling'`;

/** Leaves a filling that has added nothing to the next who asks. KEYS: what says how the lists stand. ARGV: the token, seconds to live. */
export const leaveFillScript = `
local token, from = string.match(redis.call('GET', KEYS[1]) or '', '^filling (%S+) 0 (%S+)$')
if token == ARGV[1] then redis.call('SET', KEYS[1], 'filling - 0 ' .. from, 'EX', ARGV[2]) end
return 1`;
