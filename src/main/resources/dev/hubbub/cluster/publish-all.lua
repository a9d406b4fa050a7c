-- Publishes one event to several rooms: it has one place in the order of each.
-- KEYS: meta of each room
-- ARGV: 1 term, 2 node, 3 body, 4 milliseconds that meta lives, 5 milliseconds that the logs live, 6 milliseconds
--       that a key lives, then for each room:
--       log prefix, channel, fresh epoch, events to keep, sequence number, the node's former one, whether the lives begin anew,
--       the idempotency key or nothing, whether the room is durable
-- Returns at, then for each room: epoch, number, whether the event had been published before, the epoch before.
-- Each message lists the event's positions in the rooms before it.
local rooms = {}
for i, key in ipairs(KEYS) do
  local a = 6 + (i - 1) * 9
  local m = redis.call('HMGET', key, 'e', 't', 'n', 'o:' .. ARGV[2], 'p', 'k')
  local r = {e = m[1], n = tonumber(m[3] or 0), o = m[4], p = m[5] or '', seq = ARGV[a + 5]}
  local last = r.o and tonumber(string.match(r.o, '^%d+')) or -1
  if last >= tonumber(r.seq) then
    r.de, r.dn = string.match(';' .. r.o, ';' .. r.seq .. ' (%S+) (%d+)')
    r.duplicate = true
  end
  local known = ARGV[a + 8] ~= '' and redis.call('GET', ARGV[a + 8])
  if known and not r.duplicate then
    r.de, r.dn = string.match(known, '^(%S+)%.(%d+)$')
    r.duplicate, r.known = true, true
  end
  r.fresh = not r.e or m[2] ~= ARGV[1]
  if r.o and not r.fresh and not r.duplicate and last < tonumber(ARGV[a + 6]) then
    return {'ORDER'}
  end
  if ARGV[a + 8] ~= '' and ARGV[a + 9] == '1' and not r.duplicate and (r.fresh or m[6] ~= r.e) then
    return {'KEYS', i}
  end
  rooms[i] = r
end
local now = redis.call('TIME')
local at = now[1] * 1000 + math.floor(now[2] / 1000)
local before = ''
local result = {'OK', at}
for i, key in ipairs(KEYS) do
  local a = 6 + (i - 1) * 9
  local r = rooms[i]
  if r.duplicate then
    r.e, r.n = r.de or r.e, tonumber(r.dn) or r.n
  end
  local record = r.seq .. ' ' .. (r.e or '') .. ' ' .. r.n .. ' ' .. at
  if r.known then
    -- The node's next call comes after this one.
    redis.call('HSET', key, 'o:' .. ARGV[2], record .. (r.o and ';' .. string.match(r.o, '^[^;]*;?[^;]*') or ''))
    redis.call('PEXPIRE', key, ARGV[4])
  elseif not r.duplicate then
    if r.fresh then
      r.e, r.n, r.p = ARGV[a + 3], 0, r.e or ''
    end
    r.n = r.n + 1
    record = r.seq .. ' ' .. r.e .. ' ' .. r.n .. ' ' .. at
    if r.o then
      record = record .. ';' .. string.match(r.o, '^[^;]*;?[^;]*')
    end
    redis.call('HSET', key, 'n', r.n, 'o:' .. ARGV[2], record)
    if r.fresh then
      redis.call('HSET', key, 'e', r.e, 't', ARGV[1], 'p', r.p)
    end
    local message = '1m' .. r.e .. ' ' .. r.n .. ' 1 ' .. at .. ' ' .. (before == '' and '-' or before) .. '\n' .. ARGV[3]
    local log = ARGV[a + 1] .. r.e
    redis.call('XADD', log, 'MINID', '~', math.max(0, r.n - tonumber(ARGV[a + 4])), r.n .. '-0', 'd', message)
    if r.fresh or ARGV[a + 7] == '1' then
      redis.call('PEXPIRE', key, ARGV[4])
      redis.call('PEXPIRE', log, ARGV[5])
    end
    redis.call('PUBLISH', ARGV[a + 2], message)
    if ARGV[a + 8] ~= '' then
      redis.call('SET', ARGV[a + 8], r.e .. '.' .. r.n, 'PX', ARGV[6])
    end
  end
  before = before .. (before == '' and '' or ',') .. r.e .. '.' .. r.n
  result[#result + 1] = r.e
  result[#result + 1] = r.n
  result[#result + 1] = r.known and 1 or 0
  result[#result + 1] = r.p
end
return result
