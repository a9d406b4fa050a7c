-- Idempotency keys of a durable room that the history knows. A key that Redis knows stays as it is.
-- KEYS: meta, keys   ARGV: 1 epoch of the room, 2 whether these are the last ones, then for each key: position, milliseconds
if redis.call('HGET', KEYS[1], 'e') ~= ARGV[1] then
  return 0
end
for i = 2, #KEYS do
  redis.call('SET', KEYS[i], ARGV[2 * i - 1], 'NX', 'PX', ARGV[2 * i])
end
if ARGV[2] == '1' then
  redis.call('HSET', KEYS[1], 'k', ARGV[1])
end
return 1
