-- Removes members of a dead node from one room.
-- KEYS: meta, members, counts, rooms of the node
-- ARGV: 1 node, 2 room, 3 channel, 4 presence limit, 5 milliseconds that meta lives, 6 whether those that may return stay,
--       7 what identifies this call, should it be repeated
-- Returns whether these were the last members on all nodes.
local all = redis.call('HGETALL', KEYS[2])
local lines, kept = {}, 0
for i = 1, #all, 2 do
  local node, entry = string.match(all[i + 1], '^(%S+) (.*)$')
  if node == ARGV[1] then
    if ARGV[6] == '1' and string.sub(entry, 1, 1) == 'r' then
      kept = kept + 1
    else
      redis.call('HDEL', KEYS[2], all[i])
      lines[#lines + 1] = 'l' .. all[i] .. ' '
    end
  end
end
if kept > 0 then
  redis.call('HSET', KEYS[3], ARGV[1], kept)
else
  redis.call('HDEL', KEYS[3], ARGV[1])
  redis.call('SREM', KEYS[4], ARGV[2])
end
if #lines == 0 then
  return redis.call('HGET', KEYS[1], 'z') == ARGV[7] and 1 or 0
end
local v = redis.call('HINCRBY', KEYS[1], 'v', 1)
redis.call('PEXPIRE', KEYS[1], ARGV[5])
local total = 0
for _, count in ipairs(redis.call('HVALS', KEYS[3])) do
  total = total + tonumber(count)
end
if total > tonumber(ARGV[4]) then
  redis.call('PUBLISH', ARGV[3], '1c' .. v .. ' ' .. ARGV[1] .. ' ' .. total)
else
  redis.call('PUBLISH', ARGV[3], '1w' .. v .. ' ' .. ARGV[1] .. ' ' .. total .. '\n' .. table.concat(lines, '\n'))
end
if total > 0 then
  return 0
end
redis.call('HSET', KEYS[1], 'z', ARGV[7])
return 1
