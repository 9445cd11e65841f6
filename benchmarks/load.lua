-- wrk's script: makes the requests of a file in turns, and tells what came of them as one line of JSON.
--   wrk … -s load.lua URL -- FILE NUMBER
-- A line of the file is TARGET, START, END, BODY, and names and values of headers, parted by tabs; START, END and
-- BODY may be empty. A request with a range is never made twice: each is a millisecond further within its range
-- than the one before it, from NUMBER on. In a body, the number of the request replaces each ~n~.

local asks, place, number = {}, 0, 0

local function read(line)
  local fields = {}
  for field in (line .. "\t"):gmatch("([^\t]*)\t") do fields[#fields + 1] = field end
  local target, first, last, body = fields[1], fields[2], fields[3], fields[4]
  local headers = { Host = wrk.headers["Host"] }
  for at = 5, #fields, 2 do headers[fields[at]] = fields[at + 1] end
  if body ~= "" then
    headers["Content-Type"] = "application/json"
    return function()
      number = number + 1
      return wrk.format("POST", target, headers, (body:gsub("~n~", number)))
    end
  end
  local fixed = wrk.format("GET", target, headers)
  if first == "" then return function() return fixed end end
  local before, after = fixed:match("^(GET %S+)(.*)$")
  return function()
    number = number + 1
    return before .. string.format("&start_time=%.0f&end_time=%.0f", first + number, last - number) .. after
  end
end

function init(arguments)
  number = tonumber(arguments[2])
  for line in io.lines(arguments[1]) do asks[#asks + 1] = read(line) end
  if #asks == 1 then
    request = asks[1]
  else
    request = function()
      place = place % #asks + 1
      return asks[place]()
    end
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests": %d, "seconds": %.6f, "p50_ms": %.3f, "p99_ms": %.3f, "refused": %d, "broken": %d, '
    .. '"used": %.3f}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout, os.clock()
  ))
end
