-- Where a room is, and who is in it. A room that is new, or of another term, begins an epoch.
-- KEYS: meta, members, counts   ARGV: 1 term, 2 fresh epoch, 3 milliseconds that meta lives, 4 presence limit
local m = redis.call('HMGET', KEYS[1], 'e', 't', 'n', 'v')
local e, n = m[1], tonumber(m[3] or 0)
if not e or m[2] ~= ARGV[1] then
  redis.call('HSET', KEYS[1], 'e', ARGV[2], 't', ARGV[1], 'p', e or '', 'n', 0)
  e, n = ARGV[2], 0
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
local total = 0
for _, count in ipairs(redis.call('HVALS', KEYS[3])) do
  total = total + tonumber(count)
end
return {e, n, tonumber(m[4] or 0), total, total > tonumber(ARGV[4]) and {} or redis.call('HGETALL', KEYS[2])}
