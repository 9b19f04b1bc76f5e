-- Completion, by Neovim's own CTRL-X CTRL-O, typed into a Neovim with a screen.
local t = dofile(vim.env.TESTS .. '/support.lua')

t.project('shop')
t.write('.ports.env', 'WEB_PORT=8079\nAPI_PORT=5079')
t.write('server.js', 'web.listen(process.env.WEB_PORT || 8079);')

local tests = {
  {
    'completion offers the variables of the project',
    function()
      local editor = t.editor()
      editor.lua('vim.cmd.edit("server.js")')
      t.wait_for('a client', function()
        return editor.lua('return #vim.lsp.get_clients({ name = "port-manager", bufnr = 0 }) > 0')
      end)
      editor.type('Goapi.listen(process.env.<C-x><C-o>')
      t.wait_for('the offers', function()
        local labels = editor.lua([[
          return vim.tbl_map(function(item) return item.abbr end, vim.fn.complete_info({ "items" }).items)
        ]])
        return vim.list_contains(labels, 'WEB_PORT') and vim.list_contains(labels, 'API_PORT')
      end)
      editor.type('<C-n><C-y>')
      editor.wait_for('api%.listen%(process%.env%.%u+_PORT')
      editor.close()
    end,
  },
}

t.run(tests)
