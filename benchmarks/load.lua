-- wrk's script: asks the same question for ever, or, given a number, one never asked before:
--   wrk … -s load.lua URL -- TOKEN [FIRST_START_TIME]

local start_time

function init(arguments)
  wrk.headers["X-Auth-Token"] = arguments[1]
  if arguments[2] then
    start_time = tonumber(arguments[2])
    request = function()
      start_time = start_time + 1
      return wrk.format(nil, wrk.path .. string.format("&start_time=%.0f", start_time))
    end
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests": %d, "seconds": %.6f, "p50_ms": %.3f, "p99_ms": %.3f, "failed": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout
  ))
end
