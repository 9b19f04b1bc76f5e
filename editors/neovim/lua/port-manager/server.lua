-- The server: how it is started, and how it is asked.
local options = require('port-manager.options')
local program = require('port-manager.program')

local M = {}

M.NAME = 'port-manager'

local has_lsp_config = vim.fn.has('nvim-0.11') == 1

--- Calls a method of a client. They were functions without `self` before Neovim 0.11.
local function call(client, method, ...)
  if has_lsp_config then
    return client[method](client, ...)
  end
  return client[method](...)
end

--- `lsp/port-manager.lua`, which Neovim 0.10 does not read.
local function written_config()
  local file = vim.api.nvim_get_runtime_file('lsp/port-manager.lua', false)[1]
  return dofile(file)
end

-- The command line that was passed on to `vim.lsp.config`, where the user may have given one too.
local passed_on

--- What the options add to `lsp/port-manager.lua`.
local function from_options()
  local given = program.command(options.get().cmd)
  local is_own = vim.deep_equal(given, written_config().cmd)
  if is_own and not passed_on then
    return {}
  end
  passed_on = given
  return { cmd = given }
end

--- The configuration of the client.
---@return table
function M.config()
  if has_lsp_config then
    return vim.lsp.config[M.NAME]
  end
  local config = vim.tbl_deep_extend('force', written_config(), from_options(), { name = M.NAME })
  config.capabilities = vim.tbl_deep_extend('force', vim.lsp.protocol.make_client_capabilities(), config.capabilities)
  return config
end

--- The root of the project that a buffer, or the current directory, belongs to: the nearest directory with `.ports.env`
--- as far as the repository's root, else that.
---@param buffer? integer
---@return string?
function M.root(buffer)
  buffer = buffer or vim.api.nvim_get_current_buf()
  local name = vim.api.nvim_buf_get_name(buffer)
  local is_file = name ~= '' and vim.bo[buffer].buftype == ''
  return M.root_above(is_file and vim.fs.dirname(name) or vim.fn.getcwd())
end

--- The root of the project that a directory belongs to.
---@param directory string
---@return string?
function M.root_above(directory)
  -- `vim.fs.root` would look for one name after the other in newer Neovims.
  local marker = vim.fs.find({ '.ports.env', '.git' }, { path = directory, upward = true })[1]
  return marker and vim.fs.dirname(marker)
end

--- The directory of the project at hand, which the user chose by being there.
---@return string
function M.here()
  return M.root() or vim.fn.getcwd()
end

--- The configuration for `vim.lsp.start`, which looks for no root itself.
local function config_for(buffer)
  local config = vim.tbl_extend('force', {}, M.config())
  config.root_markers = nil
  if type(config.root_dir) ~= 'string' then
    config.root_dir = M.root(buffer)
  end
  return config
end

--- Whether the server can be started; if not, people are told once.
local function is_installed()
  local command = M.config().cmd
  if type(command) ~= 'table' or vim.fn.executable(command[1]) == 1 then
    return true
  end
  vim.notify_once(
    ('port-manager: there is no program %q. :checkhealth port-manager says how to install it.'):format(command[1]),
    vim.log.levels.WARN
  )
  return false
end

local function is_file(buffer)
  local name = vim.api.nvim_buf_get_name(buffer)
  -- `fugitive://` and the like are no files, whatever their type is.
  return vim.bo[buffer].buftype == '' and name ~= '' and not name:find('^%a[%w+.-]+://')
end

local function attach(buffer)
  if is_file(buffer) then
    local config = config_for(buffer)
    vim.lsp.start(config, { bufnr = buffer, reuse_client = config.reuse_client })
  end
end

-- Whether the server is attached to files: in Neovim 0.10, where nothing else does it, and by this plugin in 0.11.
local was_enabled = false

local function is_enabled()
  if vim.lsp.is_enabled then
    return vim.lsp.is_enabled(M.NAME)
  end
  return was_enabled
end

local function is_wanted(buffer)
  local types = M.config().filetypes
  return is_enabled()
    and vim.api.nvim_buf_is_loaded(buffer)
    and (not types or vim.list_contains(types, vim.bo[buffer].filetype))
end

-- Neovim attaches by type, so files without one are left to us; in Neovim 0.10 all are.
local function attach_by_name(buffer)
  local is_ours = not has_lsp_config or (vim.api.nvim_buf_is_valid(buffer) and vim.bo[buffer].filetype == '')
  if is_ours and is_wanted(buffer) and #M.clients(buffer) == 0 then
    attach(buffer)
  end
end

-- Older Neovims have no type for these.
local function detect_env_files()
  if not vim.filetype.match({ filename = '.ports.env' }) then
    vim.filetype.add({
      extension = { env = 'sh' },
      filename = { ['.env'] = 'sh' },
      pattern = { ['%.env%..*'] = 'sh' },
    })
  end
end

--- Shows what the options ask for where the server is attached.
local function on_attach(buffer, client)
  local wanted = options.get()
  local function supports(method)
    return call(client, 'supports_method', method, has_lsp_config and buffer or { bufnr = buffer })
  end
  if wanted.inlay_hints and supports('textDocument/inlayHint') then
    vim.lsp.inlay_hint.enable(true, { bufnr = buffer })
  end
  if wanted.code_lens and not vim.lsp.codelens.enable and supports('textDocument/codeLens') then
    local group = vim.api.nvim_create_augroup('port-manager.code-lens.' .. buffer, {})
    local function refresh()
      if vim.api.nvim_buf_is_loaded(buffer) then
        vim.lsp.codelens.refresh({ bufnr = buffer })
      end
    end
    vim.api.nvim_create_autocmd({ 'BufEnter', 'InsertLeave', 'TextChanged', 'CursorHold', 'DiagnosticChanged' }, {
      group = group,
      buffer = buffer,
      callback = refresh,
    })
    vim.api.nvim_create_autocmd('User', { group = group, pattern = 'PortManagerChanged', callback = refresh })
    refresh()
  end
end

--- Gives a client the settings; a server that runs takes new ones.
---@param client vim.lsp.Client
function M.configure_client(client)
  local written = M.config().settings or {}
  local given = options.get().settings
  local section = vim.tbl_deep_extend('force', written[M.NAME] or {}, given)
  -- An empty list would be an array to the server.
  section = vim.tbl_isempty(section) and vim.empty_dict() or section
  client.settings = vim.tbl_extend('force', written, { [M.NAME] = section })
  call(client, 'notify', 'workspace/didChangeConfiguration', { settings = client.settings })
end

-- Neovim 0.12 enables what it finds enabled in a callback that it schedules after this event. Lenses that are enabled before it are
-- asked for twice, and those that have to be resolved are then not shown. So this waits for a callback that comes after it.
local function enable_code_lens(buffer, client)
  if not options.get().code_lens or not vim.lsp.codelens.enable then
    return
  end
  vim.schedule(function()
    vim.schedule(function()
      if vim.api.nvim_buf_is_loaded(buffer) and vim.lsp.buf_is_attached(buffer, client.id) then
        vim.lsp.codelens.enable(true, { bufnr = buffer })
      end
    end)
  end)
end

local function listen_to_events()
  local group = vim.api.nvim_create_augroup('port-manager', {})
  vim.api.nvim_create_autocmd({ 'BufReadPost', 'BufNewFile', 'BufFilePost', 'BufWritePost' }, {
    group = group,
    desc = 'Attach port-manager to files without a type',
    callback = function(event)
      -- After the type was found, by which Neovim attaches.
      vim.schedule(function()
        attach_by_name(event.buf)
      end)
    end,
  })
  vim.api.nvim_create_autocmd('LspAttach', {
    group = group,
    desc = 'Show what the options of port-manager ask for',
    callback = function(event)
      local client = vim.lsp.get_client_by_id(event.data.client_id)
      if client and client.name == M.NAME then
        on_attach(event.buf, client)
        enable_code_lens(event.buf, client)
      end
    end,
  })
end

--- Attaches the server to every file that is open or will be.
function M.enable()
  if not is_installed() then
    return
  end
  was_enabled = true
  if has_lsp_config then
    vim.lsp.enable(M.NAME)
  end
  -- Neovim does so itself, but not before it has read its configuration.
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if is_wanted(buffer) then
      attach(buffer)
    end
  end
end

--- Makes ready for the server, which the user may enable without us: passes the options on to `vim.lsp.config`.
function M.configure()
  detect_env_files()
  listen_to_events()
  if has_lsp_config then
    vim.lsp.config(M.NAME, from_options())
  end
end

--- The clients of a buffer, or all, those too that are starting.
---@param buffer? integer
---@return vim.lsp.Client[]
function M.clients(buffer)
  return vim.lsp.get_clients({ name = M.NAME, bufnr = buffer, _uninitialized = true })
end

--- The client of the current buffer, else any, else a new one; nil where it cannot be started.
---@return vim.lsp.Client?
local function client()
  local found = M.clients(vim.api.nvim_get_current_buf())[1] or M.clients()[1]
  if not found and is_installed() then
    local config, id = config_for(vim.api.nvim_get_current_buf()), nil
    if has_lsp_config then
      id = vim.lsp.start(config, { attach = false })
    else
      id = vim.lsp.start_client(config)
    end
    found = id and vim.lsp.get_client_by_id(id)
  end
  if
    found
    and vim.wait(5000, function()
      return found.initialized or call(found, 'is_stopped')
    end, 10)
    and found.initialized
  then
    return found
  end
end

local function params_of(name, argument)
  return { command = M.NAME .. '.' .. name, arguments = { argument } }
end

--- Runs a command of the server and hands its result on. A failure is shown, or handed to `on_failure`.
---@param name string the command without `port-manager.`
---@param argument table|string
---@param on_result fun(result: any)
---@param on_failure? fun(message: string)
function M.execute(name, argument, on_result, on_failure)
  on_failure = on_failure or function(message)
    vim.notify('port-manager: ' .. message, vim.log.levels.ERROR)
  end
  local asked = client()
  if not asked then
    on_failure('the server does not run. :checkhealth port-manager says why.')
    return
  end
  call(asked, 'request', 'workspace/executeCommand', params_of(name, argument), function(failure, result)
    if failure then
      on_failure(failure.message)
    else
      on_result(result)
    end
  end)
end

--- The result of a command that only reads, for a completion; nil after a second.
---@param name string
---@param argument table
---@return any
function M.ask(name, argument)
  local asked = client()
  if not asked then
    return nil
  end
  local buffer = vim.api.nvim_get_current_buf()
  local answer = call(asked, 'request_sync', 'workspace/executeCommand', params_of(name, argument), 1000, buffer)
  return answer and not answer.err and answer.result or nil
end

--- Whether the server runs already: what is asked all the time starts none.
---@return boolean
function M.is_running()
  local found = M.clients()[1]
  return found ~= nil and found.initialized == true
end

--- Sends a notification to each server that runs.
function M.notify(method, params)
  for _, running in ipairs(M.clients()) do
    if running.initialized then
      call(running, 'notify', method, params)
    end
  end
end

local function have_ended()
  return #M.clients() == 0
end

--- Ends every server, and starts one for the files that were attached.
function M.restart()
  local buffers = {}
  for _, running in ipairs(M.clients()) do
    for buffer in pairs(running.attached_buffers) do
      buffers[buffer] = true
    end
    call(running, 'stop')
  end
  -- A server that is about to end would be taken for one that can be used.
  if not vim.wait(5000, have_ended, 10) then
    for _, running in ipairs(M.clients()) do
      call(running, 'stop', true)
    end
    vim.wait(5000, have_ended, 10)
  end
  for buffer in pairs(buffers) do
    if vim.api.nvim_buf_is_valid(buffer) then
      attach(buffer)
    end
  end
end

return M
