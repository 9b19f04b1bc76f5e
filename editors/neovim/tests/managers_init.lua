-- What somebody has in init.lua who installs the plugin by the repository's URL: with `vim.pack`, or as a package of Neovim 0.10.
local repository = vim.fs.joinpath(vim.env.HOME, 'repository')
local root = vim.fs.dirname(vim.fs.dirname(vim.env.PLUGIN))

local function git(...)
  local done = vim
    .system({ 'git', '-c', 'user.name=t', '-c', 'user.email=t@localhost', ... }, { cwd = repository, text = true })
    :wait()
  assert(done.code == 0, done.stderr)
end

-- The files that a clone has, as they are now.
vim.fn.mkdir(repository, 'p')
for _, directory in ipairs({ 'plugin', 'lua', 'editors/neovim' }) do
  vim.fn.mkdir(vim.fs.joinpath(repository, vim.fs.dirname(directory)), 'p')
  vim.fn.system({ 'cp', '-r', vim.fs.joinpath(root, directory), vim.fs.joinpath(repository, directory) })
end
git('init', '--quiet', '--initial-branch=main')
git('add', '.')
git('commit', '--quiet', '--message', 'As it is')

if vim.pack then
  vim.pack.add({ { src = 'file://' .. repository, name = 'port-manager' } }, { confirm = false })
else
  local package = vim.fs.joinpath(vim.fn.stdpath('data'), 'site/pack/plugins/start/port-manager')
  git('clone', '--quiet', repository, package)
  vim.opt.packpath:prepend(vim.fs.joinpath(vim.fn.stdpath('data'), 'site'))
  vim.cmd('packadd! port-manager')
end
require('port-manager').setup({ settings = { severities = { ['missing-ports-env'] = 'off' } } })
