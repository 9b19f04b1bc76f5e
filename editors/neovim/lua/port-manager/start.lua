-- When the server is enabled: after the configuration was read, so that it does not matter where `setup()` is called in it.
local options = require('port-manager.options')
local server = require('port-manager.server')

local M = {}

local is_scheduled = false

local function enable()
  is_scheduled = false
  server.configure()
  if options.get().enabled then
    server.enable()
  end
end

--- Enables the server soon.
function M.soon()
  if not is_scheduled then
    is_scheduled = true
    vim.schedule(enable)
  end
end

--- Uses options that have changed.
function M.again()
  if is_scheduled then
    return
  end
  server.configure()
  if #server.clients() > 0 then
    server.restart()
  end
  M.soon()
end

return M
