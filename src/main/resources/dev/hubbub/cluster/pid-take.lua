-- A Socket.IO client returns to a node, which takes what was kept for it; nobody can take it again.
-- Returns the node that had the client, the new generation of its session and the value; nothing if it is another user's or there is none.
-- KEYS: 1 what is kept, 2 the client's session
-- ARGV: 1 user, 2 node, 3 milliseconds, 4 prefix of the nodes' channels, 5 message for the former node, to which the generation is added
local value = redis.call('GET', KEYS[1])
local node, user, data = string.match(value or '', '^(%S+) (%S+)\n(.*)$')
if user ~= ARGV[1] then
  return {}
end
redis.call('DEL', KEYS[1])
local at = redis.call('GET', KEYS[2])
local generation = tonumber(string.match(at or '', '^(%d+) ') or '1')
redis.call('SET', KEYS[2], (generation + 1) .. ' ' .. ARGV[2], 'PX', ARGV[3])
if node ~= ARGV[2] then
  redis.call('PUBLISH', ARGV[4] .. node, ARGV[5] .. '\n' .. generation)
end
return {node, generation + 1, data}
