-- Deletes a key if it still has a node's value: a lease or a session that another node has taken meanwhile stays.
-- KEYS: the key   ARGV: 1 value
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
