-- The sliding log as people write it by hand: all in one script. KEYS[1] is the customer's log, a
-- sorted set, and KEYS[2] what the customer wants, a hash. ARGV holds the time, a name for the
-- contact, the channel, and then windows and their limits.
if redis.call('HGET', KEYS[2], ARGV[3]) == 'no' then
  return 0
end
local now, longest = tonumber(ARGV[1]), 0
for i = 4, #ARGV, 2 do
  local window, limit = tonumber(ARGV[i]), tonumber(ARGV[i + 1])
  if redis.call('ZCOUNT', KEYS[1], '(' .. (now - window), '+inf') >= limit then
    return 0
  end
  longest = math.max(longest, window)
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - longest)
redis.call('ZADD', KEYS[1], now, ARGV[2])
redis.call('PEXPIRE', KEYS[1], longest)
return 1
