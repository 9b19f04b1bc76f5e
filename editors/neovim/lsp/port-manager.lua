-- The configuration of the client, for `vim.lsp.enable('port-manager')`; `vim.lsp.config('port-manager', {...})` extends it.
-- Without file types: the server knows by a file's name which ones it understands, so a new language changes nothing here.

-- The folders of clients that have not answered `initialize` yet, by their ids.
local pending = {}

local function announce(client, folder)
  local params = { event = { added = { folder }, removed = {} } }
  if vim.fn.has('nvim-0.11') == 1 then
    client:notify('workspace/didChangeWorkspaceFolders', params)
  else
    client.notify('workspace/didChangeWorkspaceFolders', params)
  end
end

local function is_stopped(client)
  if vim.fn.has('nvim-0.11') == 1 then
    return client:is_stopped()
  end
  return client.is_stopped()
end

---@type vim.lsp.Config
return {
  cmd = require('port-manager.program').command({ 'port-manager', 'lsp' }),

  -- The nearest of both, which is what a list in the list means from Neovim 0.11.3 on: a project's root is the nearest
  -- directory above the file with `.ports.env`, and the search stops at the repository.
  root_markers = vim.fn.has('nvim-0.11.3') == 1 and { { '.ports.env', '.git' } } or { '.ports.env', '.git' },

  -- One server for all projects: another root is another folder of its workspace.
  reuse_client = function(client, config)
    if client.name ~= config.name or is_stopped(client) then
      return false
    end
    local root = config.root_dir
    if type(root) ~= 'string' then
      return true
    end
    local folder = { uri = vim.uri_from_fname(root), name = root }
    client.workspace_folders = client.workspace_folders or {}
    for _, known in ipairs(client.workspace_folders) do
      if known.uri == folder.uri then
        return true
      end
    end
    table.insert(client.workspace_folders, folder)
    if client.initialized then
      announce(client, folder)
    else
      pending[client.id] = pending[client.id] or {}
      table.insert(pending[client.id], folder)
    end
    return true
  end,

  on_init = function(client)
    require('port-manager.server').configure_client(client)
    for _, folder in ipairs(pending[client.id] or {}) do
      announce(client, folder)
    end
    pending[client.id] = nil
  end,

  capabilities = {
    -- What this client does beside the protocol: see docs/language-server.md.
    experimental = {
      portManager = {
        changed = true,
        interface = true,
        -- A hover of Neovim has no links.
        lensCommands = { 'portManager.free', 'portManager.open', 'portManager.showReferences' },
      },
    },
  },

  -- What code lenses run.
  commands = {
    ['portManager.free'] = function(command)
      require('port-manager.free').port(command.arguments[1])
    end,
    ['portManager.open'] = function(command)
      require('port-manager.browser').open(command.arguments[1])
    end,
    ['portManager.showReferences'] = function(command, context)
      require('port-manager.places').open(command.arguments[3], context.client_id)
    end,
  },

  handlers = {
    ['port-manager/changed'] = function(_, changed)
      vim.api.nvim_exec_autocmds('User', { pattern = 'PortManagerChanged', modeline = false, data = changed })
    end,
  },
}
