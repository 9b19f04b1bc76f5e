-- `require('port-manager')` where the repository's root is on the runtime path, maybe before `plugin/port-manager.lua` was read.
local root = vim.fs.dirname(vim.fs.dirname(vim.fs.dirname(vim.fs.normalize(debug.getinfo(1, 'S').source:sub(2)))))
local plugin = root .. '/editors/neovim'
if not vim.list_contains(vim.opt.runtimepath:get(), plugin) then
  vim.opt.runtimepath:append(plugin)
end
return dofile(plugin .. '/lua/port-manager/init.lua')
