-- What somebody has in init.lua who follows the README without a plugin manager.
vim.opt.runtimepath:append(vim.env.PLUGIN)

-- To look for Python takes seconds on a busy machine, and no test needs it.
vim.g.loaded_python3_provider = 0
