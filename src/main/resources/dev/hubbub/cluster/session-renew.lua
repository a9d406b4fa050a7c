-- Sessions of a node live on. One that has returned elsewhere meanwhile stays as it is.
-- KEYS: the sessions   ARGV: 1 milliseconds, then for each session: generation and node
for i, key in ipairs(KEYS) do
  local value = redis.call('GET', key)
  if not value or value == ARGV[i + 1] then
    redis.call('SET', key, ARGV[i + 1], 'PX', ARGV[1])
  end
end
return #KEYS
