-- What Neovim loads at its start: the command `:PortManager`, the keys that can be mapped, and the server.
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
  nargs = '*',
  desc = 'Ports of this project and of others (:help :PortManager)',
  complete = function(lead, line, position)
    return require('port-manager.commands').complete(lead, line:sub(1, position))
  end,
})

for _, name in ipairs({ 'status', 'show', 'free', 'fix', 'open' }) do
  vim.keymap.set('n', ('<Plug>(port-manager-%s)'):format(name), ('<Cmd>PortManager %s<CR>'):format(name), {
    desc = 'Port Manager: ' .. name,
  })
end

require('port-manager.start').soon()
