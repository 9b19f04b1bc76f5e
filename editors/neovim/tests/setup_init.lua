-- What lazy.nvim does for `{ url, opts = {...} }`: the plugin's files first, then setup(), when files may be open already.
vim.opt.runtimepath:append(vim.env.PLUGIN)
vim.cmd.runtime('plugin/port-manager.lua')
require('port-manager').setup({ settings = { severities = { ['missing-ports-env'] = 'off' } } })
