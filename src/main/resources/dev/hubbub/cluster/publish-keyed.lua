-- Publishes those events of a batch whose idempotency keys are new. As publish.lua otherwise.
-- KEYS: meta, what is hidden, the events' keys
-- ARGV: 1 log prefix, 2 channel, 3 term, 4 fresh epoch, 5 events to keep, 6 node, 7 sequence number, 8 the node's former one,
--       9 milliseconds that a key lives, 10 milliseconds that meta lives, 11 milliseconds that the log lives,
--       12 whether the room is durable, then the events
-- Returns at, the epoch before, and the position of each event: after a "=" if it had been published before, a "!" if it was deleted.
local m = redis.call('HMGET', KEYS[1], 'e', 't', 'n', 'o:' .. ARGV[6], 'p', 'k')
local e, n, o, p = m[1], tonumber(m[3] or 0), m[4], m[5] or ''
local last = o and tonumber(string.match(o, '^%d+')) or -1
local fresh = not e or m[2] ~= ARGV[3]
if o and not fresh and last < tonumber(ARGV[8]) then
  return {'ORDER'}
end
if ARGV[12] == '1' and (fresh or m[6] ~= e) then
  return {'KEYS'} -- the history may know some that Redis does not
end
if fresh then
  e, n, p = ARGV[4], 0, e or ''
end
local now = redis.call('TIME')
local at = now[1] * 1000 + math.floor(now[2] / 1000)
local result, bodies = {'OK', at, p}, {}
local seen = {}
for i = 3, #KEYS do
  local known = seen[KEYS[i]] or redis.call('GET', KEYS[i])
  if known then
    result[i + 1] = (redis.call('HEXISTS', KEYS[2], known) == 1 and '!' or '=') .. known
  else
    bodies[#bodies + 1] = ARGV[10 + i]
    seen[KEYS[i]] = e .. '.' .. (n + #bodies)
    result[i + 1] = seen[KEYS[i]]
  end
end
n = n + #bodies
local record = ARGV[7] .. ' ' .. e .. ' ' .. n .. ' ' .. at
if o then
  record = record .. ';' .. string.match(o, '^[^;]*;?[^;]*')
end
if #bodies == 0 then
  redis.call('HSET', KEYS[1], 'o:' .. ARGV[6], record) -- the node's next call comes after this one
  redis.call('PEXPIRE', KEYS[1], ARGV[10])
  return result
end
redis.call('HSET', KEYS[1], 'n', n, 'o:' .. ARGV[6], record)
if fresh then
  redis.call('HSET', KEYS[1], 'e', e, 't', ARGV[3], 'p', p)
end
for key, position in pairs(seen) do
  redis.call('SET', key, position, 'PX', ARGV[9])
end
local message = '1p' .. e .. ' ' .. n .. ' ' .. #bodies .. ' ' .. at .. ' -\n' .. table.concat(bodies)
local log = ARGV[1] .. e
redis.call('XADD', log, 'MINID', '~', math.max(0, n - tonumber(ARGV[5])), n .. '-0', 'd', message)
redis.call('PEXPIRE', KEYS[1], ARGV[10])
redis.call('PEXPIRE', log, ARGV[11])
redis.call('PUBLISH', ARGV[2], message)
return result
