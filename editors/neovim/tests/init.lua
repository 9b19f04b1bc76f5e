-- What somebody has in init.lua who follows the README without a plugin manager.
vim.opt.runtimepath:append(vim.env.PLUGIN)
