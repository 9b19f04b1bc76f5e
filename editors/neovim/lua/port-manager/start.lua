-- When options are used: once the configuration was read, so that it does not matter where in it `setup()` is called.
local options = require('port-manager.options')
local server = require('port-manager.server')

local M = {}

local is_scheduled = false

---@type port-manager.Options?
local used

-- Only another command line takes another server.
local function use(wanted)
  local before = used
  used = wanted
  server.configure()
  if before and not vim.deep_equal(before.cmd, wanted.cmd) then
    server.restart()
  elseif before and not vim.deep_equal(before.settings, wanted.settings) then
    for _, client in ipairs(server.clients()) do
      if client.initialized then
        server.configure_client(client)
      end
    end
  end
  if wanted.enabled then
    server.enable()
  end
end

--- Uses the options soon: enables the server, and tells one that runs.
function M.soon()
  if is_scheduled then
    return
  end
  is_scheduled = true
  vim.schedule(function()
    is_scheduled = false
    use(options.get())
  end)
end

return M
