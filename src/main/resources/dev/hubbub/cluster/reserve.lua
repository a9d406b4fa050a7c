-- Keeps a place for a client that is about to join a room.
-- KEYS: members, counts, places   ARGV: 1 client, 2 the most members, 3 milliseconds that a place is kept
-- Returns 0 if the members of all nodes and those that are about to join are so many.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now)
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then
  return 1
end
if not redis.call('ZSCORE', KEYS[3], ARGV[1]) then
  local total = redis.call('ZCARD', KEYS[3])
  for _, count in ipairs(redis.call('HVALS', KEYS[2])) do
    total = total + tonumber(count)
  end
  if total >= tonumber(ARGV[2]) then
    return 0
  end
end
redis.call('ZADD', KEYS[3], now + ARGV[3], ARGV[1])
redis.call('PEXPIRE', KEYS[3], ARGV[3])
return 1
