-- :checkhealth port-manager
local M = {}

function M.check()
  local server = require('port-manager.server')
  vim.health.start('port-manager')
  local command = server.config().cmd
  local program = vim.fn.exepath(command[1])
  if program == '' then
    vim.health.error(('there is no program %q'):format(command[1]), {
      'Install it: `make install` in its repository, and see that ~/.cargo/bin is on your PATH.',
      'Or name it: vim.g.port_manager = { cmd = { "/path/to/port-manager", "lsp" } }',
    })
    return
  end
  local version = vim.trim(vim.fn.system({ program, '--version' }))
  vim.health.ok(('%s (%s)'):format(version, program))
  local clients = vim.lsp.get_clients({ name = server.NAME })
  if #clients == 0 then
    vim.health.info('it does not run: no file is open that it has been attached to')
  end
  for _, client in ipairs(clients) do
    vim.health.ok(('runs for %s'):format(client.config.root_dir or 'single files'))
  end
end

return M
