-- What the arguments of `:PortManager` may be, for their completion.
local server = require('port-manager.server')

local M = {}

local function sorted(set)
  local found = vim.tbl_keys(set)
  table.sort(found)
  return found
end

--- The projects, by their names where those are unique.
---@return string[]
function M.projects()
  local status = server.ask('status', vim.empty_dict())
  local roots = {}
  for _, port in ipairs(status and status.ports or {}) do
    roots[port.project] = roots[port.project] or {}
    roots[port.project][port.root] = true
  end
  local found = {}
  for name, of_name in pairs(roots) do
    if vim.tbl_count(of_name) == 1 then
      found[name] = true
    else
      -- Worktrees have one name, so only their directories tell them apart.
      found = vim.tbl_extend('force', found, of_name)
    end
  end
  return sorted(found)
end

local function ports_of_project()
  local project = server.ask('project', { path = server.here() })
  return project and project.ports or {}
end

--- The variables of the project at hand.
---@return string[]
function M.variables()
  return vim.tbl_map(function(port)
    return port.variable
  end, ports_of_project())
end

--- The number that a variable has.
---@param given string[] the variable
---@return string[]
function M.number_of(given)
  for _, port in ipairs(ports_of_project()) do
    if port.variable == given[1] then
      return { tostring(port.port) }
    end
  end
  return {}
end

--- The ports on which something listens.
---@return string[]
function M.ports_in_use()
  local status = server.ask('status', { all = true })
  return status
      and vim.tbl_map(function(port)
        return tostring(port.port)
      end, require('port-manager.free').in_use(status))
    or {}
end

--- The service types.
---@return string[]
function M.services()
  local config = server.ask('config', vim.empty_dict())
  return config and vim.tbl_map(function(kind)
    return kind.service
  end, config.types) or {}
end

--- The directories here.
---@return string[]
function M.directories()
  return vim.fn.getcompletion('', 'dir')
end

return M
