-- wrk's script: each request is for a path taken at random out of a file, named
-- behind "--"; "in-turn" behind it: one after the other. Prints, between tabs: requests, answers other than 2xx and 3xx,
-- errors of connections and timeouts, requests a second, and the median and the
-- 99th percentile of their time in microseconds.

local requests = {}
local last = nil -- of those in turn

function init(args)
   math.randomseed(os.time())
   for path in io.lines(args[1]) do
      requests[#requests + 1] = wrk.format("GET", path)
   end
   last = args[2] == "in-turn" and 0 or nil
end

function request()
   if last then
      last = last % #requests + 1
      return requests[last]
   end
   return requests[math.random(#requests)]
end

function done(summary, latency)
   local e = summary.errors
   io.write(string.format("wrk\t%d\t%d\t%d\t%.1f\t%d\t%d\n", summary.requests,
      e.status, e.connect + e.read + e.write + e.timeout,
      summary.requests / summary.duration * 1e6, latency:percentile(50),
      latency:percentile(99)))
end
