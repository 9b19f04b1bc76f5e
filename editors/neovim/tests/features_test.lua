-- What the server offers beside findings, by Neovim's own functions.
local t = dofile(vim.env.TESTS .. '/support.lua')

local client

-- Neovim 0.10 has methods that take no `self`.
local function supports(method)
  if vim.fn.has('nvim-0.11') == 1 then
    return client:supports_method(method, vim.api.nvim_get_current_buf())
  end
  return client.supports_method(method, { bufnr = vim.api.nvim_get_current_buf() })
end

local function file_and_line()
  return vim.fs.basename(vim.api.nvim_buf_get_name(0)), vim.api.nvim_get_current_line()
end

local function go_to(path, part)
  vim.cmd.edit(path)
  t.wait_for_client()
  t.move_to(part)
end

t.project('shop')
t.write('server.js', 'web.listen(process.env.WEB_PORT || 8079);\nfetch(`http://localhost:${process.env.API_PORT}/`);\n')
t.write('client.py', 'import os\nport = int(os.environ["WEB_PORT"])\n')
t.write('.ports.env.example', 'WEB_PORT=8079\nAPI_PORT=5079\n')

local tests = {
  {
    'definition goes from a lookup to the line of .ports.env',
    function()
      vim.cmd.PortManager('init')
      t.wait_for_message('shop: WEB_PORT=8079')
      vim.cmd.edit('server.js')
      client = t.wait_for_client()
      assert(supports('textDocument/definition'), 'no definition')
      t.move_to('WEB_PORT')
      vim.lsp.buf.definition()
      t.wait_for('a list of the definitions, or the place', function()
        return vim.bo.buftype == 'quickfix' or file_and_line() == '.ports.env'
      end)
      if vim.bo.buftype == 'quickfix' then
        vim.cmd.cfirst()
        vim.cmd.cclose()
      end
      local file, line = file_and_line()
      t.equal({ file, line }, { '.ports.env', 'WEB_PORT=8079' }, 'the definition')
    end,
  },
  {
    'references are the places in all languages',
    function()
      go_to('server.js', 'WEB_PORT')
      vim.lsp.buf.references({ includeDeclaration = false })
      t.wait_for('the list', function()
        return vim.bo.buftype == 'quickfix'
      end)
      t.has(t.text(), 'server.js')
      t.has(t.text(), 'client.py')
      vim.cmd.cclose()
    end,
  },
  {
    'rename changes every file, and undo takes it back',
    function()
      go_to('server.js', 'WEB_PORT')
      vim.lsp.buf.rename('SHOP_PORT')
      t.wait_for('the new name', function()
        return t.text():find('process.env.SHOP_PORT || 8079', 1, true)
      end)
      local python, ports = vim.fn.bufnr('client.py'), vim.fn.bufnr('^.ports.env$')
      t.has(t.text(python), 'os.environ["SHOP_PORT"]')
      t.has(t.text(ports), 'SHOP_PORT=8079')
      for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
        if vim.bo[buffer].modified then
          vim.api.nvim_buf_call(buffer, function()
            vim.cmd('silent undo')
          end)
        end
      end
      t.has(t.text(), 'process.env.WEB_PORT || 8079')
      t.has(t.text(python), 'os.environ["WEB_PORT"]')
      t.has(t.text(ports), 'WEB_PORT=8079')
      vim.cmd('silent wall')
    end,
  },
  {
    'rename says what cannot be renamed',
    function()
      go_to('server.js', '8079')
      t.said = {}
      vim.lsp.buf.rename('NEW_PORT')
      t.wait_for('a message', function()
        return #t.said > 0
      end)
      t.has(t.text(), '8079')
    end,
  },
  {
    'symbols of .ports.env are its variables',
    function()
      go_to('.ports.env', 'WEB_PORT')
      vim.lsp.buf.document_symbol()
      t.wait_for('the list', function()
        return vim.bo.buftype ~= ''
      end)
      t.has(t.text(), 'WEB_PORT')
      t.has(t.text(), 'API_PORT')
      vim.cmd.close()
    end,
  },
  {
    'an inlay hint shows the number behind a lookup',
    function()
      local editor = t.editor()
      editor.lua([[
        require("port-manager").setup({ inlay_hints = true })
        vim.cmd.edit("client.py")
      ]])
      editor.wait_for('WEB_PORT%W*8079')
      editor.close()
    end,
  },
  {
    'a code lens says who listens, and frees the port after asking',
    function()
      local server = t.listen(8079)
      local editor = t.editor()
      editor.lua([[
        require("port-manager").setup({ code_lens = true })
        vim.g.asked = {}
        vim.ui.select = function(items, options, on_choice)
          vim.g.asked = vim.list_extend(vim.g.asked, { options.prompt })
          for _, item in ipairs(items) do
            local shown = (options.format_item or tostring)(item)
            if shown:find("free it", 1, true) or shown:find("^Stop") then
              return on_choice(item)
            end
          end
        end
        vim.cmd.edit(".ports.env")
        vim.fn.search("WEB_PORT")
      ]])
      editor.wait_for(('%%(%d%%) listens on 8079: free it'):format(server.pid))
      editor.lua('vim.lsp.codelens.run()')
      t.wait_for('the end of the server', function()
        return not server.is_running()
      end)
      local asked = editor.lua('return vim.g.asked')
      t.equal(asked[#asked], 'Free port 8079?', 'the last question')
      editor.close()
    end,
  },
  {
    'a code lens shows the places',
    function()
      local editor = t.editor()
      editor.lua([[
        require("port-manager").setup({ code_lens = true })
        vim.ui.select = function(items, options, on_choice)
          for _, item in ipairs(items) do
            if options.format_item(item):find("places", 1, true) then
              return on_choice(item)
            end
          end
        end
        vim.cmd.edit("server.js")
      ]])
      editor.wait_for('8079')
      editor.lua([[
        vim.wait(20000, function() return #vim.lsp.get_clients({ name = "port-manager" }) > 0 end)
        vim.cmd.edit(".ports.env")
        vim.fn.search("WEB_PORT")
      ]])
      -- Fewer, until the whole project has been read.
      editor.wait_for('2 places')
      editor.lua('vim.lsp.codelens.run()')
      editor.wait_for('client%.py')
      editor.close()
    end,
  },
}

vim.cmd.edit('server.js')
client = t.wait_for_client()
t.run(tests)
