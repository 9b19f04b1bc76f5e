-- What somebody does in Neovim, one thing after the other.
local t = dofile(vim.env.TESTS .. '/support.lua')

t.project('shop')

local function choose_preferred()
  vim.lsp.buf.code_action({
    filter = function(action)
      return action.isPreferred
    end,
    apply = true,
  })
end

local tests = {
  {
    'a hardcoded port is marked, registered and replaced',
    function()
      vim.fn.writefile({}, '.ports.env')
      t.open('server.js', "const ship = '🚢'; app.listen(8079);")
      t.wait_for_diagnostics({ 'hardcoded-port' })
      vim.api.nvim_win_set_cursor(0, { 1, t.text():find('8079') - 1 })
      choose_preferred()
      t.wait_for('the fix', function()
        return t.text() == "const ship = '🚢'; app.listen(process.env.WEB_PORT || 8079);"
      end)
      t.wait_for_diagnostics({})
      assert(t.read('.ports.env'):find('WEB_PORT=%d+'), t.read('.ports.env'))
    end,
  },
  {
    'a hover tells whose a port is',
    function()
      local column = t.text():find('WEB_PORT')
      vim.api.nvim_win_set_cursor(0, { 1, column })
      vim.lsp.buf.hover()
      local shown
      t.wait_for('the hover', function()
        for _, window in ipairs(vim.api.nvim_list_wins()) do
          if vim.api.nvim_win_get_config(window).relative ~= '' then
            local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false)
            shown = table.concat(lines, '\n')
          end
        end
        return shown ~= nil
      end)
      assert(shown:find('Belongs to this project'), shown)
      vim.cmd.fclose({ bang = true })
    end,
  },
  {
    'every hardcoded port that has a variable is replaced at once',
    function()
      local port = t.read('.ports.env'):match('WEB_PORT=(%d+)')
      t.open('other.js', ('a.listen(%s);\nb.listen(%s);'):format(port, port))
      t.wait_for_diagnostics({ 'hardcoded-port', 'hardcoded-port' })
      vim.cmd.PortManager('fix')
      t.wait_for('the fixes', function()
        return t.text()
          == ('a.listen(process.env.WEB_PORT || %s);\nb.listen(process.env.WEB_PORT || %s);'):format(port, port)
      end)
    end,
  },
  {
    'a file of variables is read too',
    function()
      t.open('.ports.env', t.read('.ports.env') .. '\nnonsense')
      t.wait_for_diagnostics({ 'invalid-ports-env' })
      vim.cmd('$delete | silent write')
      t.wait_for_diagnostics({})
    end,
  },
  {
    'init, show and status tell of the ports',
    function()
      vim.cmd.PortManager('init')
      t.wait_for('init', function()
        return (t.said[#t.said] or ''):find('^port%-manager: shop: WEB_PORT=%d+')
      end)
      for _, words in ipairs({ { 'show' }, { 'show', 'shop' }, { 'status' } }) do
        local before = vim.api.nvim_get_current_buf()
        vim.cmd.PortManager(words)
        t.wait_for(words[1], function()
          return vim.api.nvim_get_current_buf() ~= before
        end)
        assert(t.text():find('WEB_PORT'), t.text())
        vim.cmd.close()
      end
    end,
  },
  {
    'get-port reserves a port',
    function()
      vim.cmd.PortManager({ 'get-port', 'api' })
      t.wait_for('a port', function()
        return tonumber(vim.fn.getreg('"')) ~= nil and vim.fn.getreg('"'):find('^81%d%d$')
      end)
    end,
  },
  {
    'free and clean have nothing to do',
    function()
      vim.cmd.PortManager({ 'free', '65535' })
      t.wait_for('free', function()
        return t.said[#t.said] == 'port-manager: nothing listens on port 65535'
      end)
      vim.cmd.PortManager('clean')
      t.wait_for('clean', function()
        return t.said[#t.said] == 'port-manager: the registry is clean: every project exists'
      end)
      vim.cmd.PortManager({ 'free', 'many' })
      t.equal(t.said[#t.said], 'port-manager: "many" is not a port: a number from 1 to 65535', 'a word')
    end,
  },
  {
    'free stops the process that it has shown, and no other',
    function()
      local shown = t.listen()
      local other
      t.answer(function(prompt, items)
        t.equal(prompt, ('Free port %d?'):format(shown.port), 'the question')
        t.has(items[1], ('(pid %d) of shop in '):format(shown.pid))
        t.equal(items[2], 'Cancel', 'the other answer')
        -- While the question is open, another process takes the port.
        shown.stop()
        other = t.listen(shown.port)
        return 'Stop'
      end)
      vim.cmd.PortManager({ 'free', tostring(shown.port) })
      t.wait_for_message('no process was stopped')
      assert(other.is_running(), 'it was not shown')

      t.answer(function()
        return 'Cancel'
      end)
      vim.cmd.PortManager({ 'free', tostring(other.port) })
      t.wait_for('the question', function()
        return #t.asked == 1
      end)
      assert(other.is_running(), 'the answer was no')

      t.answer(function()
        return 'Stop'
      end)
      vim.cmd.PortManager({ 'free', tostring(other.port) })
      t.wait_for_message(('port %d is free'):format(other.port))
      assert(not other.is_running(), 'the other server has ended')
    end,
  },
  {
    'free without a port offers those on which something listens',
    function()
      local server = t.listen()
      t.answer(function(prompt, items)
        if prompt == 'Free which port?' then
          local listed = table.concat(items, '\n')
          t.has(listed, ('%d  python'):format(server.port))
          t.has(listed, ('(pid %d)'):format(server.pid))
          return ('%5d '):format(server.port)
        end
        return 'Stop'
      end)
      vim.cmd.PortManager('free')
      t.wait_for_message(('port %d is free'):format(server.port))
      assert(not server.is_running(), 'the server has ended')
    end,
  },
  {
    'free asks nothing about a process that is never stopped',
    function()
      local server = vim.uv.new_tcp()
      server:bind('127.0.0.1', 0)
      server:listen(1, function() end)
      local port = server:getsockname().port
      t.answer(function()
        return 'Stop'
      end)
      vim.cmd.PortManager({ 'free', tostring(port) })
      t.has(t.wait_for_message(('port %d is still held'):format(port)), 'never stopped')
      server:close()
      t.equal(#t.asked, 0, 'questions')
    end,
  },
  {
    'a failure is shown',
    function()
      vim.cmd.PortManager({ 'show', 'nowhere' })
      t.wait_for('the failure', function()
        return (t.said[#t.said] or ''):find("^port%-manager: no project 'nowhere' is registered")
      end)
    end,
  },
  {
    'a restarted server goes on',
    function()
      vim.cmd.edit('server.js')
      vim.cmd.PortManager('restart')
      vim.api.nvim_buf_set_lines(0, 0, -1, false, { 'app.listen(8079);' })
      t.wait_for_diagnostics({ 'hardcoded-port' })
    end,
  },
  {
    'the health report finds the server',
    function()
      vim.cmd.checkhealth('port-manager')
      assert(t.text():find('port%-manager %d'), t.text())
      t.has(t.text(), 'the server runs')
    end,
  },
}

t.run(tests)
