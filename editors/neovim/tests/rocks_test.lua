-- The plugin, installed by LuaRocks, as rocks.nvim does.
local t = dofile(vim.env.TESTS .. '/support.lua')

if vim.fn.executable('luarocks') == 0 then
  io.stdout:write('  NOT TESTED: luarocks is not installed\n')
  vim.cmd.quitall({ bang = true })
end

t.project('shop')

local tests = {
  {
    'LuaRocks installs it, and the server is attached',
    function()
      assert(
        not vim.list_contains(vim.api.nvim_list_runtime_paths(), vim.env.PLUGIN),
        'it is not the one that is tested'
      )
      t.equal(vim.fn.exists(':PortManager'), 2, 'the command')
      t.open('server.js', 'app.listen(8079);')
      t.wait_for_diagnostics({ 'hardcoded-port', 'missing-ports-env' })
    end,
  },
  {
    'the help is found',
    function()
      vim.cmd.help('port-manager-options')
      t.equal(vim.fs.basename(vim.api.nvim_buf_get_name(0)), 'port-manager.txt', 'the file')
      vim.cmd.close()
    end,
  },
}

t.run(tests)
