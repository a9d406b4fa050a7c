-- Keeps what a Socket.IO client needs to return to any node, or forgets it, unless another node has the client.
-- KEYS: 1 what is kept, 2 the client's session
-- ARGV: 1 this node's value of the session, 2 value, empty to forget it, 3 milliseconds
local at = redis.call('GET', KEYS[2])
if at and at ~= ARGV[1] then
  return 0
end
if ARGV[2] == '' then
  return redis.call('DEL', KEYS[1])
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
