-- The server's answers in words, and what is said to people.
local M = {}

function M.inform(text)
  vim.notify('port-manager: ' .. text)
end

function M.warn(text)
  vim.notify('port-manager: ' .. text, vim.log.levels.WARN)
end

--- A value that may be JSON's null, which is a value of its own in Lua.
function M.given(value)
  if value ~= vim.NIL then
    return value
  end
end

--- What a program or a directory is called, as one line, whatever is in it.
function M.plain(text)
  return (tostring(text):gsub('%c', ' '))
end

--- A path as people write it.
function M.path(path)
  return M.plain(vim.fn.fnamemodify(path, ':~'))
end

--- `1 port`, `2 ports`.
function M.count(number, noun)
  return ('%d %s%s'):format(number, noun, number == 1 and '' or 's')
end

--- A port number that a person typed; nil for anything else.
---@param text? string
---@return integer?
function M.port(text)
  local port = tonumber((text or ''):match('^:?(%d%d?%d?%d?%d?)$') or '')
  if port and port >= 1 and port <= 65535 then
    return port
  end
end

function M.process(process)
  return ('%s (pid %d)'):format(M.plain(process.program), process.pid)
end

local function listener(found)
  local name = M.given(found.program)
  local who
  if M.given(found.pid) then
    who = ('%s (pid %d)'):format(M.plain(name or 'a process'), found.pid)
  else
    who = name and M.plain(name) .. " (another user's)" or 'a process that is not visible to you'
  end
  if M.given(found.is_foreign) == true then
    local project = M.given(found.project)
    who = who .. (project and (' of %s'):format(M.plain(project)) or ', started outside of this project')
  end
  return who
end

--- Who listens; the processes of one program are one.
function M.listeners(found)
  local seen, words = {}, {}
  for _, one in ipairs(found) do
    local who = listener(one)
    if not seen[who] then
      seen[who] = true
      words[#words + 1] = who
    end
  end
  return table.concat(words, ', ')
end

--- A process that holds a port, with what tells it from others.
function M.holder(holder)
  local words = { M.process(holder) }
  if M.given(holder.project) then
    words[#words + 1] = 'of ' .. M.plain(holder.project)
  end
  if M.given(holder.directory) then
    words[#words + 1] = 'in ' .. M.path(holder.directory)
  end
  if M.given(holder.protection) then
    words[#words + 1] = '(never stopped: ' .. M.plain(holder.protection) .. ')'
  elseif holder.is_permitted == false then
    words[#words + 1] = "(another user's)"
  end
  if holder.is_suspended then
    words[#words + 1] = '(suspended)'
  end
  if #holder.other_ports > 0 then
    words[#words + 1] = '(also listens on ' .. table.concat(holder.other_ports, ', ') .. ')'
  end
  return table.concat(words, ' ')
end

--- What may start a server again, and how it is kept from it.
function M.restarter(restarter)
  local name = M.plain(M.given(restarter.manager) or restarter.program)
  local text = ('%s (pid %d) may start it again'):format(name, restarter.pid)
  if M.given(restarter.remedy) then
    text = text .. ('; this stops it: %s'):format(M.plain(table.concat(restarter.remedy, ' ')))
  end
  return text
end

--- `WEB_PORT=8080, API_PORT=5000`.
function M.assignments(ports)
  local words = {}
  for _, port in ipairs(ports) do
    words[#words + 1] = ('%s=%d'):format(M.plain(port.variable), port.port)
  end
  return table.concat(words, ', ')
end

return M
