-- `:PortManager show`: the ports of one project, and where `.ports.env` says something else than the registry.
local server = require('port-manager.server')
local window = require('port-manager.window')
local words = require('port-manager.words')

local M = {}

local function display(shown)
  local rows = {}
  for _, port in ipairs(shown.ports) do
    local in_file = words.given(port.ports_env)
    local differs = in_file ~= port.port
    rows[#rows + 1] = {
      { '  ' .. words.plain(port.variable), 'PortManagerVariable' },
      { ('%5d'):format(port.port), 'PortManagerPort' },
      { words.plain(port.service), 'PortManagerService' },
      {
        not differs and '' or in_file and ('.ports.env says %d'):format(in_file) or 'not in .ports.env',
        'PortManagerForeign',
      },
    }
  end
  local lines = {
    { { words.plain(shown.project), 'PortManagerProject' }, { '  ' .. words.path(shown.root), 'PortManagerPath' } },
    { { '' } },
  }
  window.open(words.plain(shown.project), vim.list_extend(lines, window.columns(rows)))
end

--- Shows a project in a window.
---@param which table `project`, its name or root, or `path`, a directory in it
function M.open(which)
  server.execute('show', which, display)
end

return M
