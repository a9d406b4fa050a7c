-- Takes or renews leases of a node.
-- KEYS: the leases   ARGV: 1 node, 2 milliseconds
-- Returns for each lease whether the node holds it.
local held = {}
for i, key in ipairs(KEYS) do
  local holder = redis.call('GET', key)
  if not holder or holder == ARGV[1] then
    redis.call('SET', key, ARGV[1], 'PX', ARGV[2])
    held[i] = 1
  else
    held[i] = 0
  end
end
return held
