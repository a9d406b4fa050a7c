-- Gives a batch of events the next numbers of its room, stores it, and publishes it.
-- KEYS: meta
-- ARGV: 1 log prefix, 2 channel, 3 term, 4 fresh epoch, 5 events to keep, 6 node, 7 sequence number, 8 the node's former one,
--       9 count, 10 milliseconds that meta lives, 11 milliseconds that the log lives, 12 whether these begin anew, 13 body
-- The field o:<node> of meta has the node's last batches: "<sequence number> <epoch> <number> <at>;...".
-- Returns epoch, number, at, what has happened, and the epoch before.
local m = redis.call('HMGET', KEYS[1], 'e', 't', 'n', 'o:' .. ARGV[6], 'p')
local e, n, o, p = m[1], tonumber(m[3] or 0), m[4], m[5] or ''
local last = o and tonumber(string.match(o, '^%d+')) or -1
if last >= tonumber(ARGV[7]) then
  -- The batch had arrived; only the reply was lost.
  local de, dn, at = string.match(';' .. o, ';' .. ARGV[7] .. ' (%S+) (%d+) ?(%d*)')
  return {de or e, tonumber(dn) or n, tonumber(at) or 0, 'DUPLICATE', (de or e) == e and p or ''}
end
local fresh = not e or m[2] ~= ARGV[3]
if o and not fresh and last < tonumber(ARGV[8]) then
  return {e, n, 0, 'ORDER', ''}
end
if fresh then
  e, n, p = ARGV[4], 0, e or ''
end
n = n + tonumber(ARGV[9])
local now = redis.call('TIME')
local at = now[1] * 1000 + math.floor(now[2] / 1000)
local record = ARGV[7] .. ' ' .. e .. ' ' .. n .. ' ' .. at
if o then
  record = record .. ';' .. string.match(o, '^[^;]*;?[^;]*')
end
if fresh then
  redis.call('HSET', KEYS[1], 'e', e, 't', ARGV[3], 'p', p, 'n', n, 'o:' .. ARGV[6], record)
else
  redis.call('HSET', KEYS[1], 'n', n, 'o:' .. ARGV[6], record)
end
local message = '1p' .. e .. ' ' .. n .. ' ' .. ARGV[9] .. ' ' .. at .. ' -\n' .. ARGV[13]
local log = ARGV[1] .. e
redis.call('XADD', log, 'MINID', '~', math.max(0, n - tonumber(ARGV[5])), n .. '-0', 'd', message)
if fresh or ARGV[12] == '1' then
  redis.call('PEXPIRE', KEYS[1], ARGV[10])
  redis.call('PEXPIRE', log, ARGV[11])
end
redis.call('PUBLISH', ARGV[2], message)
return {e, n, at, 'OK', p}
