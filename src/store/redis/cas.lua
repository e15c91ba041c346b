-- KEYS[1] holds a version, 16 bytes, and what it is a version of. ARGV[1] is the version that it
-- must have, empty where there is no key. Then comes what is done: nothing, so that it counts as
-- written now; an empty value, so that it is removed; or a value, and perhaps when it expires, in
-- milliseconds.
local found = redis.call('GETRANGE', KEYS[1], 0, 15)
if found ~= ARGV[1] then
  return redis.call('GET', KEYS[1])
end
if not ARGV[2] then
  redis.call('SETRANGE', KEYS[1], 0, found)
elseif ARGV[2] == '' then
  redis.call('DEL', KEYS[1])
elseif ARGV[3] then
  redis.call('SET', KEYS[1], ARGV[2], 'PXAT', ARGV[3])
else
  redis.call('SET', KEYS[1], ARGV[2])
end
return 1
