-- Hides an event of a room's log. The log has it until it expires; what is hidden is known for as long.
-- KEYS: log of the epoch, what is hidden   ARGV: 1 epoch, 2 number, 3 milliseconds, 4 the most that are hidden one by one
-- Returns whether the log had it.
local found = redis.call('XRANGE', KEYS[1], ARGV[2] .. '-0', '+', 'COUNT', 1)[1]
if not found then
  return 0
end
local last, count, at = string.match(found[2][2], '^1%a%S+ (%d+) (%d+) (%d+) ')
if not last or tonumber(last) - tonumber(count) >= tonumber(ARGV[2]) then
  return 0
end
local all = tonumber(redis.call('HGET', KEYS[2], 'all') or -1)
if tonumber(at) <= all or redis.call('HEXISTS', KEYS[2], ARGV[1] .. '.' .. ARGV[2]) == 1 then
  return 0
end
if redis.call('HLEN', KEYS[2]) >= tonumber(ARGV[4]) then
  local now = redis.call('TIME')
  redis.call('DEL', KEYS[2])
  redis.call('HSET', KEYS[2], 'all', now[1] * 1000 + math.floor(now[2] / 1000))
else
  redis.call('HSET', KEYS[2], ARGV[1] .. '.' .. ARGV[2], '')
end
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return 1
