-- The members of a room on all nodes: how many there are, and the first ones, each with its id in front.
-- KEYS: members, counts   ARGV: 1 the most members, roughly
local total = 0
for _, count in ipairs(redis.call('HVALS', KEYS[2])) do
  total = total + tonumber(count)
end
if total <= tonumber(ARGV[1]) then
  return {total, redis.call('HGETALL', KEYS[1])}
end
return {total, redis.call('HSCAN', KEYS[1], 0, 'COUNT', ARGV[1])[2]}
