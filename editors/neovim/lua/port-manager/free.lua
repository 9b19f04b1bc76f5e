-- `:PortManager free`: which port, who listens there, and the truth about the result.
local choose = require('port-manager.choose')
local server = require('port-manager.server')
local words = require('port-manager.words')

local M = {}

local function listing(report)
  local shown = {}
  for _, holder in ipairs(report.holders) do
    shown[#shown + 1] = words.holder(holder)
  end
  return table.concat(shown, '; ')
end

local function running_restarter(report)
  local first
  for _, restarter in ipairs(report.restarters) do
    if restarter.is_running == true then
      if words.given(restarter.manager) then
        return restarter
      end
      first = first or restarter
    end
  end
  return first
end

local function names(processes)
  return table.concat(vim.tbl_map(words.process, processes), ', ')
end

-- For whom the port is held, where a process of the container runtime or of systemd only stands in.
local function principal_of(report)
  local principal = words.given(report.principal)
  if not principal then
    return nil
  end
  local name = words.plain(words.given(principal.name) or '?')
  local remedy = words.given(principal.remedy)
  return {
    name = ('%s %s'):format(principal.kind, name),
    remedy = remedy and words.plain(table.concat(remedy, ' ')),
    is_container = principal.kind == 'container',
    is_stopped = principal.is_stopped == true,
    complaint = words.given(principal.complaint),
  }
end

local function why_not_free(report)
  local principal = principal_of(report)
  if principal and not principal.is_stopped then
    local how = principal.remedy and ('. This releases it: %s'):format(principal.remedy) or ''
    return ('is held for %s%s%s'):format(
      principal.name,
      principal.complaint and ' (' .. words.plain(principal.complaint) .. ')' or '',
      how
    )
  end
  if #report.holders == 0 then
    return 'is held by a process that is not visible to you'
  end
  local holders = vim.list_extend(vim.deepcopy(report.holders), report.successors)
  return 'is still held: ' .. listing({ holders = holders })
end

local stop

-- What to say about a result, and whether killing may help where asking did not.
local function tell(port, report, request)
  local restarter = running_restarter(report)
  if report.is_free then
    if restarter then
      words.warn(('nothing listens on port %d now, but %s'):format(port, words.restarter(restarter)))
    else
      words.inform(('port %d is free'):format(port))
    end
    return
  end
  local stubborn = vim.tbl_filter(function(holder)
    return holder.outcome == 'listening' or holder.outcome == 'cannot-ask'
  end, report.holders)
  if #stubborn == 0 or request.force then
    words.warn(('port %d %s'):format(port, why_not_free(report)))
    return
  end
  local kill = ('Kill %s'):format(names(stubborn))
  choose.confirm(('Port %d is still held:'):format(port), kill, function()
    stop(port, vim.tbl_extend('force', request, { force = true }))
  end)
end

-- Stops the processes that the user has seen; the server leaves every other process alone.
stop = function(port, request)
  server.execute('free', request, function(report)
    tell(port, report, request)
  end)
end

local function ask(port, report)
  local principal = principal_of(report)
  local containers = principal ~= nil and principal.is_container and principal.remedy ~= nil
  local is_stoppable = containers
    or not report.is_kept
      and vim.iter(report.holders):any(function(holder)
        return not words.given(holder.protection)
      end)
  if not is_stoppable then
    words.warn(('port %d %s'):format(port, why_not_free(report)))
    return
  end
  local question = containers and ('Run %s'):format(principal.remedy) or ('Stop %s'):format(listing(report))
  if #report.supervisors > 0 then
    question = ('%s, and with it %s, which would start it again'):format(question, names(report.supervisors))
  end
  choose.confirm(('Free port %d?'):format(port), question, function()
    local expected = {}
    for _, holder in ipairs(report.holders) do
      expected[#expected + 1] = { pid = holder.pid, started_at = holder.started_at }
    end
    stop(port, { port = port, expected = expected, force = false, containers = containers })
  end)
end

--- Shows who listens on a port, and stops it if the user says so.
---@param port integer
function M.port(port)
  server.execute('free', { port = port, dry_run = true }, function(report)
    if report.is_free then
      words.inform(('nothing listens on port %d'):format(port))
    else
      ask(port, report)
    end
  end)
end

--- The ports on which something listens, those of projects first: `port`, `listeners`, and the `project` and `variable` that
--- have it, if any.
---@param status table the answer to `status` with `all`
---@return table[]
function M.in_use(status)
  local found = {}
  for _, group in ipairs({ status.ports, status.reservations, words.given(status.others) or {} }) do
    for _, port in ipairs(group) do
      if #port.listeners > 0 then
        found[#found + 1] = port
      end
    end
  end
  table.sort(found, function(a, b)
    local a_is_registered, b_is_registered = a.variable ~= nil, b.variable ~= nil
    if a_is_registered ~= b_is_registered then
      return a_is_registered
    end
    return a.port < b.port
  end)
  return found
end

--- Lets the user choose from the ports on which something listens.
function M.choose()
  server.execute('status', { all = true }, function(status)
    local ports = M.in_use(status)
    if #ports == 0 then
      words.inform('nothing listens on this machine')
      return
    end
    choose.port(ports, 'Free which port?', function(port)
      local owner = words.given(port.variable) and ('%s of %s: '):format(port.variable, words.plain(port.project)) or ''
      return ('%5d  %s%s'):format(port.port, owner, words.listeners(port.listeners))
    end, M.port)
  end)
end

return M
