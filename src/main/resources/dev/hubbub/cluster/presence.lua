-- Members of one room have joined or left a node.
-- KEYS: meta, members, counts, places, rooms of the node
-- ARGV: 1 node, 2 room, 3 channel, 4 presence limit, 5 milliseconds that meta lives, 6 whether these are all members of the
--       node, then for each change: j or l, id, entry
-- An entry of the members is "<node> <entry>". A change l counts only if the member is still this node's. A member that joins
-- elsewhere is counted there at once.
-- Returns whether these were the last members on all nodes. It is one call that says so: a later one leaves an empty room only if
-- it names somebody who had joined after that and left before Redis was told.
local lines = {}
local gone = false
if ARGV[6] == '1' then
  local present = {}
  for i = 7, #ARGV, 3 do
    present[ARGV[i + 1]] = true
  end
  local all = redis.call('HGETALL', KEYS[2])
  local kept = 0
  for i = 1, #all, 2 do
    if string.match(all[i + 1], '^%S+') == ARGV[1] then
      if present[all[i]] then
        kept = kept + 1
      else
        redis.call('HDEL', KEYS[2], all[i])
        lines[#lines + 1] = 'l' .. all[i] .. ' '
        gone = true
      end
    end
  end
  if kept > 0 then
    redis.call('HSET', KEYS[3], ARGV[1], kept)
  else
    redis.call('HDEL', KEYS[3], ARGV[1])
  end
end
for i = 7, #ARGV, 3 do
  local op, id, entry = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local before = redis.call('HGET', KEYS[2], id)
  local node = before and string.match(before, '^%S+')
  redis.call('ZREM', KEYS[4], id) -- a member needs no place any more
  if op == 'j' then
    redis.call('HSET', KEYS[2], id, ARGV[1] .. ' ' .. entry)
    if node ~= ARGV[1] then
      redis.call('HINCRBY', KEYS[3], ARGV[1], 1)
      if node and redis.call('HINCRBY', KEYS[3], node, -1) <= 0 then
        redis.call('HDEL', KEYS[3], node)
      end
    end
    lines[#lines + 1] = 'j' .. id .. ' ' .. entry
  elseif node == ARGV[1] then
    redis.call('HDEL', KEYS[2], id)
    if redis.call('HINCRBY', KEYS[3], ARGV[1], -1) <= 0 then
      redis.call('HDEL', KEYS[3], ARGV[1])
    end
    lines[#lines + 1] = 'l' .. id .. ' '
    gone = true
  elseif not node then
    gone = true -- this call is repeated, or the member left before it was announced
  end
end
if redis.call('HEXISTS', KEYS[3], ARGV[1]) == 1 then
  redis.call('SADD', KEYS[5], ARGV[2])
else
  redis.call('SREM', KEYS[5], ARGV[2])
end
local total = 0
for _, count in ipairs(redis.call('HVALS', KEYS[3])) do
  total = total + tonumber(count)
end
local emptied = gone and total == 0 and 1 or 0
if #lines == 0 then
  return emptied
end
local v = redis.call('HINCRBY', KEYS[1], 'v', 1)
redis.call('PEXPIRE', KEYS[1], ARGV[5])
if total > tonumber(ARGV[4]) then
  redis.call('PUBLISH', ARGV[3], '1c' .. v .. ' ' .. ARGV[1] .. ' ' .. total)
else
  redis.call('PUBLISH', ARGV[3], '1w' .. v .. ' ' .. ARGV[1] .. ' ' .. total .. '\n' .. table.concat(lines, '\n'))
end
return emptied
