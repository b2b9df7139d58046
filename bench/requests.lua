-- Asks for the addresses of a file in turn, with the headers of a file; prints one line of JSON.
-- wrk ... -s bench/requests.lua ADDRESS -- PLAN
-- PLAN holds lines: "H name: value" for a header, "G /path" to get, "P /path" to post the body that
-- the line after it holds, in which {n} becomes a number never used before.

local headers, asks, at = {}, {}, 0
local thread_number = 0

function setup(thread)
  thread:set("number", thread_number)
  thread_number = thread_number + 1
end

function init(arguments)
  local post
  for line in io.lines(arguments[1]) do
    local kind, rest = line:sub(1, 1), line:sub(3)
    if post then
      asks[#asks + 1] = { "POST", post, line }
      post = nil
    elseif kind == "H" then
      local name, value = rest:match("^([^:]+): (.*)$")
      headers[name] = value
    elseif kind == "G" then
      asks[#asks + 1] = { "GET", rest }
    elseif kind == "P" then
      post = rest
    end
  end
  math.randomseed(os.time() + number)
  at = math.random(#asks)
  base = os.time() .. "-" .. number .. "-" .. math.random(1000000)
  count = 0
end

function request()
  at = at % #asks + 1
  local ask = asks[at]
  if ask[1] == "GET" then
    return wrk.format("GET", ask[2], headers)
  end
  count = count + 1
  headers["Idempotency-Key"] = base .. "-" .. count
  local body = ask[3]:gsub("{n}", base .. "-" .. count)
  return wrk.format("POST", ask[2], headers, body)
end


function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests": %d, "seconds": %.3f, "p50": %.3f, "p95": %.3f, "p99": %.3f, "longest": %.3f, ' ..
    '"status_errors": %d, "socket_errors": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3,
    latency:percentile(95) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
