-- Hides all events that the log of a room has.
-- KEYS: meta, what is hidden   ARGV: 1 log prefix, 2 milliseconds
-- Returns how many events the present log had.
local m = redis.call('HMGET', KEYS[1], 'e', 'n')
local events = 0
if m[1] then
  local first = redis.call('XRANGE', ARGV[1] .. m[1], '-', '+', 'COUNT', 1)[1]
  local last, count = string.match(first and first[2][2] or '', '^1%a%S+ (%d+) (%d+) ')
  if last then
    events = tonumber(m[2] or 0) - (tonumber(last) - tonumber(count))
  end
end
local now = redis.call('TIME')
redis.call('DEL', KEYS[2])
redis.call('HSET', KEYS[2], 'all', now[1] * 1000 + math.floor(now[2] / 1000))
redis.call('PEXPIRE', KEYS[2], ARGV[2])
return events
