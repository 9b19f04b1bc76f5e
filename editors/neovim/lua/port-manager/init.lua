-- What a configuration calls. None of it has to be called: the plugin works as soon as it is on the runtime path.
local M = {}

--- Sets options, at any time. What is wrong with them is said, and the rest is used.
---@param given? port-manager.Options
function M.setup(given)
  local options = require('port-manager.options')
  given = given == nil and {} or given
  local problems = options.problems(given)
  if #problems > 0 then
    vim.notify('port-manager: ' .. table.concat(problems, '\nport-manager: '), vim.log.levels.ERROR)
  end
  options.set(given)
  if vim.g.loaded_port_manager then
    require('port-manager.start').soon()
  end
end

--- The ports of the current file's project in a few words, for a status line: empty where it has none.
---@return string
function M.statusline()
  return require('port-manager.statusline').text()
end

--- Opens the buffer that `:PortManager status` shows.
function M.status()
  require('port-manager.status').open()
end

return M
