-- How many members rooms have on all nodes.
-- KEYS: the counts of the rooms
local totals = {}
for i, key in ipairs(KEYS) do
  totals[i] = 0
  for _, count in ipairs(redis.call('HVALS', key)) do
    totals[i] = totals[i] + tonumber(count)
  end
end
return totals
