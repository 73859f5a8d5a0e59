/** Only where the mark is at ARGV[1]; it is at ARGV[2] then. Otherwise answers it (nil for none) and changes nothing. */
const movesMark = `
local mark = redis.call('GET', KEYS[1])
if not mark then return nil end
local before, ready_at = string.match(mark, '^(.*) (%d+)$')
if before ~= ARGV[1] then return mark end
redis.call('SET', KEYS[1], ARGV[2] .. ' ' .. ready_at)`;

/** The same of the last version of a stream that came out of its queue. */
const movesDrained = `
local drained = redis.call('GET', KEYS[1]) or '0'
if drained ~= ARGV[1] then return drained end
redis.call('SET', KEYS[1], ARGV[2])`;

/**
 * KEYS: what guards it, the days, then the payments. ARGV: the guard before and after, what the keys of counts begin with, how many
 * counts; then three of each, a day, a figure and what it goes up by; then how the payments stand. Answers 1.
 */
const adds = `
local count = tonumber(ARGV[4])
for at = 5, 4 + 3 * count, 3 do
  redis.call('HINCRBY', ARGV[3] .. ARGV[at], ARGV[at + 1], ARGV[at + 2])
  redis.call('ZADD', KEYS[2], 0, ARGV[at])
end
for i = 3, #KEYS do redis.call('SET', KEYS[i], ARGV[4 + 3 * count + i - 2]) end
return 1`;

/** One flush of one shard of a log. */
export const addScript = movesMark + adds;

/** Events of a parked stream, which the mark has passed already. */
export const drainScript = movesDrained + adds;

/**
 * The counts of some days, of one moment. KEYS: the days, then marks. ARGV: what the keys of counts begin with, the first day and the
 * last as ZRANGEBYLEX wants them. Answers the marks, then three of each count: its day, its figure and what that has come to.
 */
export const readScript = `
local found = {}
for i = 2, #KEYS do found[#found + 1] = redis.call('GET', KEYS[i]) or '' end
for _, day in ipairs(redis.call('ZRANGEBYLEX', KEYS[1], ARGV[2], ARGV[3])) do
  local counts = redis.call('HGETALL', ARGV[1] .. day)
  for at = 1, #counts, 2 do
    found[#found + 1] = day
    found[#found + 1] = counts[at]
    found[#found + 1] = counts[at + 1]
  end
end
return found`;
