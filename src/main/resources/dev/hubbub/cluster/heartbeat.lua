-- A node lives. Others that have been silent, or have left (score 0), are claimed, if this one may do that.
-- KEYS: nodes, dead   ARGV: 1 node, 2 milliseconds of silence, 3 whether it claims, 4 whether it was known
-- Returns whether it has been reaped, the live nodes, the claimed ones with the milliseconds of their silence.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local reaped = 0
if ARGV[4] == '1' and (not redis.call('ZSCORE', KEYS[1], ARGV[1]) or redis.call('ZSCORE', KEYS[2], ARGV[1])) then
  reaped = 1
end
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
local limit = now - tonumber(ARGV[2])
local claimed = {}
if ARGV[3] == '1' then
  local silent = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '(' .. limit, 'WITHSCORES')
  for i = 1, #silent, 2 do
    -- A claim holds as long as a heartbeat: should the claimant die, another node claims again.
    local claim = redis.call('ZSCORE', KEYS[2], silent[i])
    if not claim or tonumber(claim) < limit then
      redis.call('ZADD', KEYS[2], now, silent[i])
      claimed[#claimed + 1] = silent[i]
      claimed[#claimed + 1] = silent[i + 1] == '0' and 0 or now - tonumber(silent[i + 1])
    end
  end
end
return {reaped, redis.call('ZRANGEBYSCORE', KEYS[1], limit, '+inf'), claimed}
