-- Plugin managers put a repository's root on the runtime path. The plugin for Neovim is in editors/neovim: see its README.
local root = vim.fs.dirname(vim.fs.dirname(vim.fs.normalize(debug.getinfo(1, 'S').source:sub(2))))
local plugin = root .. '/editors/neovim'
if not vim.list_contains(vim.opt.runtimepath:get(), plugin) then
  vim.opt.runtimepath:append(plugin)
end
vim.cmd.source(plugin .. '/plugin/port-manager.lua')
