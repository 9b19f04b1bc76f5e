-- :checkhealth port-manager
local M = {}

local INSTALL = {
  'Install it: `make install` in its repository, and see that ~/.cargo/bin is on your PATH.',
  "Or name it: require('port-manager').setup({ cmd = { '/path/to/port-manager', 'lsp' } })",
}

local function check_options(options)
  local is_fine = true
  for _, source in ipairs(options.sources()) do
    for _, problem in ipairs(options.problems(source)) do
      is_fine = false
      vim.health.error('options: ' .. problem, { 'See :help port-manager-options.' })
    end
  end
  if is_fine then
    vim.health.ok('options: valid')
  end
end

--- Runs the program; its output without the newline, or what went wrong.
local function run(program, ...)
  local is_started, running = pcall(vim.system, { program, ... }, { text = true })
  if not is_started then
    return nil, running
  end
  local done = running:wait(5000)
  if done.code ~= 0 then
    return nil, vim.trim((done.stderr or '') .. (done.stdout or ''))
  end
  return vim.trim(done.stdout)
end

--- The program, if it is one that serves.
local function check_program(config)
  if type(config.cmd) ~= 'table' then
    vim.health.info('the server is connected to by a function; there is no program to check')
    return nil
  end
  local program = vim.fn.exepath(config.cmd[1])
  if program == '' then
    vim.health.error(('there is no program %q'):format(config.cmd[1]), INSTALL)
    return nil
  end
  local version, failure = run(program, '--version')
  if not version or not version:find('^port%-manager ') then
    vim.health.error(('%s does not say its version: %s'):format(program, version or failure), INSTALL)
    return nil
  end
  vim.health.ok(('%s (%s)'):format(version, program))
  return program
end

local function check_files(program)
  local text, failure = run(program, 'config', 'show', '--json')
  local is_json, config = pcall(vim.json.decode, text or '')
  if not text or not is_json then
    vim.health.error('its configuration cannot be read: ' .. (failure or text), { 'Run `port-manager doctor`.' })
  else
    vim.health.ok(('configuration: %s%s'):format(config.path, config.exists and '' or ' (none, and none is needed)'))
  end
end

local function check_clients(server, is_enabled)
  local clients = server.clients()
  if #clients == 0 then
    if is_enabled then
      vim.health.warn('the server does not run', {
        'Open a file: it is started then. If it ends at once, its log says why: ' .. vim.lsp.log.get_filename(),
      })
    else
      vim.health.info("the server does not run: `enabled` is false, and vim.lsp.enable('port-manager') was not called")
    end
    return
  end
  for _, client in ipairs(clients) do
    local info = client.server_info or {}
    local folders = vim.tbl_map(function(folder)
      return folder.name
    end, client.workspace_folders or {})
    vim.health.ok(
      ('the server runs%s for %s, attached to %d buffers'):format(
        info.version and (' (%s)'):format(info.version) or '',
        #folders > 0 and table.concat(folders, ', ') or 'single files',
        vim.tbl_count(client.attached_buffers)
      )
    )
  end
end

local function check_project(server)
  -- The report is in a buffer of its own, so the project is that of the current directory.
  local root = server.root_above(vim.fn.getcwd())
  if not root then
    vim.health.info('the current directory is in no project: there is no .ports.env or .git above it')
  elseif vim.fn.filereadable(vim.fs.joinpath(root, '.ports.env')) == 1 then
    vim.health.ok(('project: %s has a .ports.env'):format(root))
  else
    vim.health.info(('project: %s has no .ports.env; :PortManager init writes it'):format(root))
  end
end

function M.check()
  local options = require('port-manager.options')
  local server = require('port-manager.server')
  vim.health.start('port-manager')
  check_options(options)
  local program = check_program(server.config())
  if program then
    check_files(program)
    check_clients(server, options.get().enabled)
  end
  check_project(server)
end

return M
