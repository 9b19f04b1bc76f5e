-- What Neovim loads at its start: the command `:PortManager`, and the server unless it is not wanted.
if vim.g.loaded_port_manager then
  return
end
vim.g.loaded_port_manager = true

if vim.fn.has('nvim-0.10') == 0 then
  vim.notify_once('port-manager: Neovim 0.10 or newer is needed', vim.log.levels.WARN)
  return
end

vim.api.nvim_create_user_command('PortManager', function(command)
  require('port-manager.commands').run(command.fargs)
end, {
  nargs = '+',
  desc = "Ports of this project and of others: see :help port-manager",
  complete = function(lead, line)
    return require('port-manager.commands').complete(lead, line)
  end,
})

local options = vim.g.port_manager or {}
if options.enabled ~= false then
  require('port-manager.server').enable()
end
