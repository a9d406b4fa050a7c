-- Hands a request to the node on which a client is.
-- KEYS: the client's session   ARGV: 1 prefix of the nodes' channels, 2 request
-- Returns the node and how many have received it; nothing if no node has the client.
local value = redis.call('GET', KEYS[1])
local node = value and string.match(value, '^%d+ (%S+)$')
if not node then
  return {}
end
return {node, redis.call('PUBLISH', ARGV[1] .. node, ARGV[2])}
