-- Where a durable room is, and whether Redis knows its idempotency keys. A room that is new, or of another term, begins an epoch.
-- KEYS: meta   ARGV: 1 term, 2 fresh epoch, 3 milliseconds that meta lives
-- Returns the epoch, the one before, and whether the keys are known.
local m = redis.call('HMGET', KEYS[1], 'e', 't', 'p', 'k')
local e, p = m[1], m[3] or ''
if not e or m[2] ~= ARGV[1] then
  p = e or ''
  e = ARGV[2]
  redis.call('HSET', KEYS[1], 'e', e, 't', ARGV[1], 'p', p, 'n', 0)
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return {e, p, m[4] == e and 1 or 0}
