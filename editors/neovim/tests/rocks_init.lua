-- What rocks.nvim does: LuaRocks installs the plugin into a tree, whose modules and runtime files Neovim finds.
if vim.fn.executable('luarocks') == 0 then
  return
end
local tree = vim.fs.joinpath(vim.env.HOME, 'rocks')
local name, version = 'port-manager.nvim', 'scm-1'

local function luarocks(...)
  local done = vim.system({ 'luarocks', '--lua-version', '5.1', ... }, { cwd = vim.env.PLUGIN, text = true }):wait()
  assert(done.code == 0, done.stdout .. done.stderr)
end

local rockspec = ('%s-%s.rockspec'):format(name, version)
luarocks('lint', rockspec)
luarocks('--tree', tree, 'make', rockspec)
package.path = ('%s/share/lua/5.1/?.lua;%s/share/lua/5.1/?/init.lua;%s'):format(tree, tree, package.path)
vim.opt.runtimepath:append(vim.fs.joinpath(tree, 'lib/luarocks/rocks-5.1', name, version))
