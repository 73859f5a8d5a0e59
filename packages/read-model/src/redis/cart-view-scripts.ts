import { ifReady, keepLists } from "./list-lifetime.ts";

/**
 * One flush of one shard. KEYS: the mark, then the views. ARGV: the mark before, "" for views without a mark; the mark after; the
 * views' seconds to live; what the lists' keys begin with; their names; the statuses; what the keys begin with that say how lists
 * stand; the lists' seconds to live; then seven of each view. To a subject's lists is added only what they can't be filled with.
 * Answers 1, or the mark that is there (nil for none) and has changed nothing.
 */
export const writeScript = `${keepLists}
if ARGV[1] ~= '' then
  local mark = redis.call('GET', KEYS[1])
  if not mark then return nil end
  local before, ready_at = string.match(mark, '^(.*) (%d+)$')
  if before ~= ARGV[1] then return mark end
  redis.call('SET', KEYS[1], ARGV[2] .. ' ' .. ready_at)
end
local list = function(which, subject) return ARGV[4] .. which .. ':' .. subject end
for i = 2, #KEYS do
  local at = 7 * (i - 2) + 9
  local version, status, opened_at, placed_at = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  local subject, cart_id, value = ARGV[at + 4], ARGV[at + 5], ARGV[at + 6]
  local stored_version, stored_status = string.match(redis.call('GETRANGE', KEYS[i], 0, 63), '^(%d+) (%a+)\\n')
  if not stored_version or tonumber(stored_version) < tonumber(version) then
    redis.call('SET', KEYS[i], value, 'EX', ARGV[3])
    local is_moved = stored_status ~= status
    local listed = ARGV[7] .. subject
    -- Lists that have run out stay so: with this cart alone they would be taken for whole.
    local state = (is_moved or placed_at ~= '') and redis.call('GET', listed)
    if state then
      if placed_at ~= '' then redis.call('ZADD', list('placed', subject), placed_at, cart_id) end
      if is_moved then
        -- A view that has run out does not tell in which list its cart is.
        for other in string.gmatch(stored_status or ARGV[6], '%a+') do redis.call('ZREM', list(other, subject), cart_id) end
        redis.call('ZADD', list('all', subject), opened_at, cart_id)
        redis.call('ZADD', list(status, subject), opened_at, cart_id)
      end
      keep(listed, ARGV[4], ARGV[5], subject, state == 'whole' and tonumber(ARGV[8]) or redis.call('TTL', listed))
    end
  end
end
return 1`;

/**
 * A shard that is not to be believed any more. KEYS: its mark. ARGV: the mark that it stands at, "" for whichever. It stays there,
 * and is never ready.
 */
export const disbelieveScript = `
local before = string.match(redis.call('GET', KEYS[1]) or '', '^(.*) %d+$')
if before and (ARGV[1] == '' or before == ARGV[1]) then redis.call('SET', KEYS[1], before .. ' 9223372036854775807') end
return 1`;

/**
 * The ids of one page of a subject's carts, the newest first, if all shards are ready. KEYS: the number of the version that is
 * shown. ARGV: what all keys of the projection begin with, how many shards, the log's epoch, which shard has to be how far ("" for
 * none), which list, whose, after which time and which cart ("" for the first page), how many at most.
 * Then the names of the lists, and their seconds to live.
 * Answers the version and the ids; or why it is not known that these are all.
 */
export const listScript = `${ifReady}${keepLists}
if ARGV[4] ~= '' and tonumber(positions[tonumber(ARGV[4]) + 1]) < tonumber(ARGV[5]) then return { 'behind' } end
local listed = base .. 'listed:' .. ARGV[7]
if redis.call('GET', listed) ~= 'whole' then return { 'missing' } end
if redis.call('TTL', listed) < tonumber(ARGV[12]) / 2 then keep(listed, base .. 'carts:', ARGV[11], ARGV[7], tonumber(ARGV[12])) end
local key, after_time, after_id, limit = base .. 'carts:' .. ARGV[6] .. ':' .. ARGV[7], ARGV[8], ARGV[9], tonumber(ARGV[10])
local found, offset = { version }, 0
while #found <= limit do
  local page = redis.call('ZREVRANGEBYSCORE', key, after_time == '' and '+inf' or after_time, '-inf', 'WITHSCORES', 'LIMIT', offset, limit)
  for i = 1, #page, 2 do
    local is_after = page[i + 1] ~= after_time or page[i] < after_id
    if is_after and #found <= limit then found[#found + 1] = page[i] end
  end
  if #page < 2 * limit then break end
  offset = offset + limit
end
return found`;
