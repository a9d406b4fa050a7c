-- Hides all events that the logs of a namespace have.
-- KEYS: what is hidden of the namespace   ARGV: 1 milliseconds
local now = redis.call('TIME')
return redis.call('SET', KEYS[1], now[1] * 1000 + math.floor(now[2] / 1000), 'PX', ARGV[1])
