-- A client returns to a node: only the newest generation of its session can, and only once.
-- Returns 1 if it is the newest, 0 if it is not, -1 if nobody knows.
-- KEYS: the session   ARGV: 1 generation, 2 node, 3 milliseconds, 4 prefix of the nodes' channels, 5 message for the former node, to which
--       the generation is added
local value = redis.call('GET', KEYS[1])
if not value then
  return -1
end
local generation, node = string.match(value, '^(%d+) (%S+)$')
if generation ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], (tonumber(generation) + 1) .. ' ' .. ARGV[2], 'PX', ARGV[3])
if node ~= ARGV[2] then
  redis.call('PUBLISH', ARGV[4] .. node, ARGV[5] .. '\n' .. generation)
end
return 1
