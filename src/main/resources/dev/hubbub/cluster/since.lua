-- What follows a position, in one epoch.
-- KEYS: meta, what is hidden, what is hidden of the namespace   ARGV: 1 log prefix, 2 epoch, 3 number, 4 entries, 5 term
local m = redis.call('HMGET', KEYS[1], 'e', 'n', 'p', 't')
if not m[1] then
  return {}
end
local found = redis.call('XRANGE', ARGV[1] .. ARGV[2], (tonumber(ARGV[3]) + 1) .. '-0', '+', 'COUNT', ARGV[4])
local entries = {}
for i, entry in ipairs(found) do
  entries[i] = entry[2][2]
end
return {m[1], tonumber(m[2] or 0), m[3] or '', m[4] == ARGV[5] and 1 or 0, entries,
  redis.call('HGETALL', KEYS[2]), redis.call('GET', KEYS[3]) or ''}
