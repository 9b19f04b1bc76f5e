-- Completion, by Neovim's own CTRL-X CTRL-O, typed into a Neovim with a screen.
local t = dofile(vim.env.TESTS .. '/support.lua')

t.project('shop')
t.write('.ports.env', 'WEB_PORT=8079\nAPI_PORT=5079')
t.write('.ports.env.example', 'WEB_PORT=8079\nAPI_PORT=5079')
t.write('server.js', 'web.listen(process.env.WEB_PORT || 8079);')
t.write('compose.yaml', 'services:\n  web:\n    ports:\n      - "${}:80"')
t.write('client.py', 'import os\n')

--- Types the keys into a file, asks for offers, and takes the first; the screen shows what matches the pattern then.
local function complete(path, keys, pattern)
  local editor = t.editor()
  editor.lua(('vim.cmd.edit(%q)'):format(path))
  t.wait_for('a client', function()
    return editor.lua('return #vim.lsp.get_clients({ name = "port-manager", bufnr = 0 }) > 0')
  end)
  editor.type(keys .. '<C-x><C-o>')
  local labels
  t.wait_for('the offers', function()
    labels = editor.lua([[
      return vim.tbl_map(function(item) return item.abbr end, vim.fn.complete_info({ "items" }).items)
    ]])
    return #labels > 0
  end)
  editor.type('<C-n><C-y>')
  editor.wait_for(pattern)
  editor.close()
  return labels
end

local tests = {
  {
    'completion offers the variables of the project, with their defaults',
    function()
      local labels = complete('server.js', 'Goapi.listen(process.env.', 'api%.listen%(process%.env%.%u+_PORT || %d079')
      for _, wanted in ipairs({ 'WEB_PORT', 'API_PORT' }) do
        assert(vim.list_contains(labels, wanted), vim.inspect(labels))
      end
    end,
  },
  {
    'completion leaves what closes the lookup',
    function()
      complete('compose.yaml', 'G$F}i', '%- "%${%u+_PORT:%-%d079}:80"')
    end,
  },
  {
    'completion replaces a lookup that takes no default',
    function()
      -- Neovim 0.10 offers only what begins with the text before the cursor.
      if vim.fn.has('nvim-0.11') == 1 then
        complete('client.py', 'Goport = int(os.environ["', 'int%(os%.environ%.get%("%u+_PORT", "%d079"%)')
      end
    end,
  },
}

t.run(tests)
