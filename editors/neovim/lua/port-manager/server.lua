-- The server: how it is started, and how it is asked.
local M = {}

M.NAME = 'port-manager'

-- A directory with `.ports.env` is a project; else one that git knows. (The server decides for each file anew; this
-- only says what belongs to one workspace.)
local MARKERS = { '.ports.env', '.git' }

local has_lsp_config = vim.fn.has('nvim-0.11') == 1

local function options()
  return vim.g.port_manager or {}
end

local function command()
  return options().cmd or { 'port-manager', 'lsp' }
end

--- The root of the project that a buffer, or the current directory, belongs to.
function M.root(buffer)
  local name = vim.api.nvim_buf_get_name(buffer or 0)
  local start = (name ~= '' and vim.bo[buffer or 0].buftype == '') and name or vim.fn.getcwd()
  for _, marker in ipairs(MARKERS) do
    local root = vim.fs.root(start, marker)
    if root then
      return root
    end
  end
end

--- The configuration of the client. It names no file types: the server knows which files it understands, so that a new
--- language needs no change here.
function M.config()
  return { name = M.NAME, cmd = command(), root_markers = MARKERS }
end

--- The same for `vim.lsp.start`, which looks for no root itself.
local function config_for(buffer)
  local config = M.config()
  config.root_markers = nil
  if has_lsp_config then
    config = vim.tbl_extend('force', config, vim.lsp.config[M.NAME] or {})
  end
  config.root_dir = M.root(buffer)
  return config
end

-- Older Neovims have no type for these, so no `FileType` would tell of them.
local function detect_env_files()
  if not vim.filetype.match({ filename = '.ports.env' }) then
    vim.filetype.add({
      extension = { env = 'sh' },
      filename = { ['.env'] = 'sh' },
      pattern = { ['%.env%..*'] = 'sh' },
    })
  end
end

--- Whether there is such a program; if not, people are told once.
local function is_installed()
  local program = command()[1]
  if vim.fn.executable(program) == 1 then
    return true
  end
  vim.notify_once(
    ('port-manager: there is no program %q. Install it, or set vim.g.port_manager = { cmd = { "/path/to/port-manager", "lsp" } }.'):format(
      program
    ),
    vim.log.levels.WARN
  )
  return false
end

local function attach(buffer)
  if vim.bo[buffer].buftype == '' and vim.api.nvim_buf_get_name(buffer) ~= '' then
    vim.lsp.start(config_for(buffer), { bufnr = buffer })
  end
end

--- Attaches the server to every file that is open or will be.
function M.enable()
  if not is_installed() then
    return
  end
  detect_env_files()
  if has_lsp_config then
    vim.lsp.enable(M.NAME)
    return
  end
  vim.api.nvim_create_autocmd('FileType', {
    group = vim.api.nvim_create_augroup('port-manager', {}),
    callback = function(event)
      attach(event.buf)
    end,
  })
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(buffer) and vim.bo[buffer].filetype ~= '' then
      attach(buffer)
    end
  end
end

--- The client of the current buffer, else any, else a new one; nil where there is none to be had.
local function client()
  local found = vim.lsp.get_clients({ name = M.NAME, bufnr = 0 })[1] or vim.lsp.get_clients({ name = M.NAME })[1]
  if not found and is_installed() then
    local id
    if has_lsp_config then
      id = vim.lsp.start(config_for(0), { attach = false })
    else
      id = vim.lsp.start_client(config_for(0))
    end
    found = id and vim.lsp.get_client_by_id(id)
  end
  if found and vim.wait(5000, function()
    return found.initialized or found.is_stopped(found)
  end, 10) then
    return found
  end
end

--- Runs a command of the server and hands its result on. What goes wrong is shown.
function M.execute(name, argument, on_result)
  local asked = client()
  if not asked then
    vim.notify('port-manager: the server does not run (:checkhealth port-manager)', vim.log.levels.ERROR)
    return
  end
  local params = { command = M.NAME .. '.' .. name, arguments = { argument } }
  local function handler(failure, result)
    if failure then
      vim.notify('port-manager: ' .. failure.message, vim.log.levels.ERROR)
    else
      on_result(result)
    end
  end
  if has_lsp_config then
    asked:request('workspace/executeCommand', params, handler)
  else
    asked.request('workspace/executeCommand', params, handler)
  end
end

--- Ends every server, and starts anew for the files that are open.
function M.restart()
  local clients = vim.lsp.get_clients({ name = M.NAME })
  local buffers = {}
  for _, running in ipairs(clients) do
    for buffer in pairs(running.attached_buffers) do
      buffers[buffer] = true
    end
    if has_lsp_config then
      running:stop()
    else
      running.stop()
    end
  end
  vim.wait(5000, function()
    return #vim.lsp.get_clients({ name = M.NAME }) == 0
  end, 10)
  for buffer in pairs(buffers) do
    if vim.api.nvim_buf_is_valid(buffer) then
      attach(buffer)
    end
  end
end

return M
