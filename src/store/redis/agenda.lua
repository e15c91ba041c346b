-- KEYS[1] is a bucket of an agenda. ARGV[1] says what is done. `end`: the members from ARGV[5] on
-- come behind all others, at ARGV[2] or later, and ARGV[4] is told on the channel ARGV[3]. `claim`:
-- of the members up to ARGV[2] the first ARGV[3] that come after ARGV[4] are due at ARGV[5] from
-- now on, and are the answer, each with the time that it had.
if ARGV[1] == 'end' then
  local at = tonumber(ARGV[2])
  local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')[2]
  if last and tonumber(last) >= at then
    at = tonumber(last) + 1
  end
  for number = 5, #ARGV do
    redis.call('ZADD', KEYS[1], at, ARGV[number])
    at = at + 1
  end
  redis.call('PUBLISH', ARGV[3], ARGV[4])
  return 1
end
local found = redis.call(
  'ZRANGE', KEYS[1], ARGV[4], ARGV[2], 'BYSCORE', 'LIMIT', 0, ARGV[3], 'WITHSCORES')
for number = 1, #found, 2 do
  redis.call('ZADD', KEYS[1], 'XX', ARGV[5], found[number])
end
return found
