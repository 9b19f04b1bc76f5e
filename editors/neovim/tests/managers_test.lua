-- The plugin, installed by the URL of the repository, in whose subfolder it lives.
local t = dofile(vim.env.TESTS .. '/support.lua')

t.project('shop')

local tests = {
  {
    'a plugin manager needs only the URL',
    function()
      local installed = vim.tbl_filter(function(path)
        return path:find('/pack/[^/]+/[^/]+/port%-manager/editors/neovim$')
      end, vim.api.nvim_list_runtime_paths())
      t.equal(#installed, 1, 'directories on the runtime path')
      t.is_installed()
    end,
  },
  {
    'the server is attached, with the options of setup',
    function()
      t.open('server.js', 'app.listen(8079);')
      t.wait_for_diagnostics({ 'hardcoded-port' })
    end,
  },
  t.help_is_found,
  {
    'the command and the health report are there',
    function()
      t.equal(vim.fn.exists(':PortManager'), 2, 'the command')
      vim.cmd.checkhealth('port-manager')
      t.has(t.text(), 'the server runs')
    end,
  },
}

t.run(tests)
