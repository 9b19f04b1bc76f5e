-- The plugin, installed by LuaRocks, as rocks.nvim does.
local t = dofile(vim.env.TESTS .. '/support.lua')

if vim.fn.executable('luarocks') == 0 then
  io.write('  NOT TESTED: luarocks is not installed\n')
  vim.cmd.quitall({ bang = true })
end

t.project('shop')

local tests = {
  {
    'LuaRocks installs it, and the server is attached',
    function()
      t.is_installed()
      t.equal(vim.fn.exists(':PortManager'), 2, 'the command')
      t.open('server.js', 'app.listen(8079);')
      t.wait_for_diagnostics({ 'hardcoded-port', 'missing-ports-env' })
    end,
  },
  t.help_is_found,
}

t.run(tests)
