/**
 * One flush of one shard. KEYS: the mark, then the views. ARGV: the mark before, "" for views without a mark; the mark after; the
 * views' seconds to live; what the lists' keys begin with; the statuses; then seven of each view.
 * Answers 1, or the mark that is there (nil for none) and has changed nothing.
 */
export const writeScript = `
if ARGV[1] ~= '' then
  local mark = redis.call('GET', KEYS[1])
  if not mark then return nil end
  local before, ready_at = string.match(mark, '^(.*) (%d+)$')
  if before ~= ARGV[1] then return mark end
  redis.call('SET', KEYS[1], ARGV[2] .. ' ' .. ready_at)
end
local list = function(which, subject) return ARGV[4] .. which .. ':' .. subject end
for i = 2, #KEYS do
  local at = 7 * (i - 2) + 6
  local version, status, opened_at, placed_at = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  local subject, cart_id, value = ARGV[at + 4], ARGV[at + 5], ARGV[at + 6]
  local stored_version, stored_status = string.match(redis.call('GETRANGE', KEYS[i], 0, 63), '^(%d+) (%a+)\\n')
  if not stored_version or tonumber(stored_version) < tonumber(version) then
    redis.call('SET', KEYS[i], value, 'EX', ARGV[3])
    if placed_at ~= '' then redis.call('ZADD', list('placed', subject), placed_at, cart_id) end
    if stored_status ~= status then
      -- A view that has run out does not tell in which list its cart is.
      for other in string.gmatch(stored_status or ARGV[5], '%a+') do redis.call('ZREM', list(other, subject), cart_id) end
      redis.call('ZADD', list('all', subject), opened_at, cart_id)
      redis.call('ZADD', list(status, subject), opened_at, cart_id)
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
 * Answers the version and the ids; or why it is not known that these are all.
 */
export const listScript = `
local version = redis.call('GET', KEYS[1])
if not version then return { 'filling' } end
local base = ARGV[1] .. version .. ':'
local is_behind = false
for shard = 0, tonumber(ARGV[2]) - 1 do
  local epoch, position, ready_at = string.match(redis.call('GET', base .. 'mark:' .. shard) or '', '^(%S+) (%d+) %S+ (%d+)$')
  if epoch ~= ARGV[3] or tonumber(position) < tonumber(ready_at) then return { 'filling' } end
  if ARGV[4] == tostring(shard) and tonumber(position) < tonumber(ARGV[5]) then is_behind = true end
end
if is_behind then return { 'behind' } end
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
