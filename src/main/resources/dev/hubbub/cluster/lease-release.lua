-- Releases a lease, if it is the node's.
-- KEYS: the lease   ARGV: 1 node
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
