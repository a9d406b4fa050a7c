-- What precedes a position, the newest first.
-- KEYS: meta, what is hidden, what is hidden of the namespace   ARGV: 1 log prefix, 2 epoch (empty: the present one), 3 number (empty: the end), 4 entries
local m = redis.call('HMGET', KEYS[1], 'e', 'n')
if not m[1] then
  return {}
end
local log = ARGV[1] .. (ARGV[2] == '' and m[1] or ARGV[2])
local entries = {}
local upper = '+'
if ARGV[3] ~= '' then
  -- The batch that ends at the number or beyond may have earlier events too.
  for _, entry in ipairs(redis.call('XRANGE', log, ARGV[3] .. '-0', '+', 'COUNT', 1)) do
    entries[1] = entry[2][2]
  end
  upper = (tonumber(ARGV[3]) - 1) .. '-0'
end
if upper ~= '-1-0' then
  for _, entry in ipairs(redis.call('XREVRANGE', log, upper, '-', 'COUNT', ARGV[4])) do
    entries[#entries + 1] = entry[2][2]
  end
end
return {m[1], tonumber(m[2] or 0), entries, redis.call('HGETALL', KEYS[2]), redis.call('GET', KEYS[3]) or ''}
