-- Has the server look who listens, as long as somebody looks at it: a status buffer or a status line.
local server = require('port-manager.server')

local M = {}

local watchers = {}
local has_focus = true
local is_listening = false

local function tell()
  local is_wanted = has_focus and next(watchers) ~= nil
  server.notify('port-manager/watchListeners', { enabled = is_wanted })
end

local function follow_editor()
  if is_listening then
    return
  end
  is_listening = true
  local group = vim.api.nvim_create_augroup('port-manager.watch', {})
  vim.api.nvim_create_autocmd({ 'FocusGained', 'FocusLost' }, {
    group = group,
    callback = function(event)
      has_focus = event.event == 'FocusGained'
      tell()
    end,
  })
  -- A server that was started meanwhile.
  vim.api.nvim_create_autocmd('LspAttach', {
    group = group,
    callback = function(event)
      local client = vim.lsp.get_client_by_id(event.data.client_id)
      if client and client.name == server.NAME then
        tell()
      end
    end,
  })
end

---@param who string who looks
---@param does_look boolean
function M.set(who, does_look)
  local before = watchers[who] or false
  if before == does_look then
    return
  end
  watchers[who] = does_look or nil
  follow_editor()
  tell()
end

return M
