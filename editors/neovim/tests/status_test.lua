-- `:PortManager status` and the status line: what they show, how they stay current, and the keys.
local t = dofile(vim.env.TESTS .. '/support.lua')
local manager = require('port-manager')

local home = vim.uv.cwd()
local opened = {}
vim.ui.open = function(address)
  opened[#opened + 1] = address
end

local function press(keys)
  vim.api.nvim_feedkeys(vim.keycode(keys), 'mx', false)
end

local function line()
  return vim.api.nvim_get_current_line()
end

local function wait_for_line(part)
  t.wait_for(part, function()
    return t.text():find(part, 1, true)
  end)
end

local function groups_at_cursor()
  local row, found = vim.api.nvim_win_get_cursor(0)[1] - 1, {}
  local namespace = vim.api.nvim_get_namespaces()['port-manager']
  for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(0, namespace, { row, 0 }, { row, -1 }, { details = true })) do
    found[#found + 1] = mark[4].hl_group
  end
  return found
end

local server

local tests = {
  {
    'a machine without projects has advice',
    function()
      vim.cmd.PortManager('status')
      wait_for_line('0 ports of 0 projects, 0 in use')
      t.has(t.text(), ':PortManager init')
      press('q')
      assert(vim.bo.filetype ~= 'port-manager', 'still open')
    end,
  },
  {
    'the status line is empty without a project',
    function()
      t.equal(manager.statusline(), '', 'the status line')
    end,
  },
  {
    'it shows the projects, the one at hand first',
    function()
      for _, name in ipairs({ 'api', 'shop' }) do
        t.project(home .. '/' .. name)
        t.write(
          'server.js',
          name == 'api' and 'app.listen(5079);' or 'web.listen(8079);\nconst a = process.env.ADMIN_PORT || 8078;'
        )
        vim.cmd.PortManager('init')
        t.wait_for_message(name .. ': ')
      end
      t.open('server.js', t.read('server.js'))
      t.wait_for_client()
      vim.cmd.PortManager('status')
      wait_for_line('3 ports of 2 projects, 0 in use')
      local shop, api = t.text():find('shop  ~/projects/shop', 1, true), t.text():find('api  ~/projects/api', 1, true)
      assert(shop and api and shop < api, t.text())
      t.has(line(), '_PORT')
    end,
  },
  {
    'its parts are highlighted',
    function()
      t.move_to('WEB_PORT')
      t.equal(
        groups_at_cursor(),
        { 'PortManagerIdle', 'PortManagerVariable', 'PortManagerPort', 'PortManagerService', 'PortManagerIdle' },
        'groups'
      )
    end,
  },
  {
    'a process that starts to listen is shown by itself',
    function()
      t.move_to('WEB_PORT')
      server = t.listen(8079)
      wait_for_line('3 ports of 2 projects, 1 in use')
      t.has(line(), ('(pid %d)'):format(server.pid))
      t.has(line(), '●')
    end,
  },
  {
    'a change of the registry keeps the cursor on its port',
    function()
      t.move_to('5079')
      require('port-manager.server').execute(
        'allocate',
        { root = home .. '/shop', chosen = true, variable = 'CACHE_PORT' },
        function() end
      )
      wait_for_line('4 ports of 2 projects')
      t.has(line(), '5079')
    end,
  },
  {
    'y copies the number, gx opens it',
    function()
      t.move_to('WEB_PORT')
      press('y')
      t.equal(vim.fn.getreg('"'), '8079', 'the register')
      press('gx')
      t.equal(opened[#opened], 'http://localhost:8079', 'the address')
    end,
  },
  {
    'a shows the ports of other programs, and hides them',
    function()
      local other = t.listen()
      press('a')
      wait_for_line('Not registered')
      t.has(t.text(), tostring(other.port))
      press('a')
      t.wait_for('fewer lines', function()
        return not t.text():find('Not registered', 1, true)
      end)
      other.stop()
    end,
  },
  {
    'x stops what listens there, after asking',
    function()
      t.answer(function()
        return 'Stop'
      end)
      t.move_to('WEB_PORT')
      press('x')
      t.wait_for_message('port 8079 is free')
      t.equal(t.asked[1].prompt, 'Free port 8079?', 'the question')
      wait_for_line('0 in use')
    end,
  },
  {
    'g? shows the keys',
    function()
      press('g?')
      t.has(t.text(), 'Stop what listens there, after asking')
      press('q')
      t.has(t.text(), 'in use')
    end,
  },
  {
    'a line without a port says so',
    function()
      vim.api.nvim_win_set_cursor(0, { 1, 0 })
      press('x')
      t.equal(t.said[#t.said], 'port-manager: there is no port in this line', 'the message')
    end,
  },
  {
    'Enter goes to the line of .ports.env',
    function()
      t.move_to('WEB_PORT')
      press('<CR>')
      t.equal(vim.fs.basename(vim.api.nvim_buf_get_name(0)), '.ports.env', 'the file')
      t.equal(line(), 'WEB_PORT=8079', 'the line')
    end,
  },
  {
    'a second time the same window is used',
    function()
      local windows = #vim.api.nvim_list_wins()
      vim.cmd.PortManager('status')
      t.wait_for('the status', function()
        return vim.bo.filetype == 'port-manager'
      end)
      t.equal(#vim.api.nvim_list_wins(), windows, 'windows')
      press('q')
    end,
  },
  {
    'the status line says how many ports there are, and how many are in use',
    function()
      local events = 0
      vim.api.nvim_create_autocmd('User', {
        pattern = 'PortManagerStatusline',
        callback = function()
          events = events + 1
        end,
      })
      vim.cmd.edit('server.js')
      t.wait_for('the ports', function()
        return manager.statusline() == '3 ports'
      end)
      server = t.listen(8079)
      t.wait_for('the listener', function()
        return manager.statusline() == '3 ports ●1'
      end)
      server.stop()
      t.wait_for('its end', function()
        return manager.statusline() == '3 ports'
      end)
      assert(events >= 3, events)
    end,
  },
  {
    'the status line of a project with one port names it',
    function()
      vim.cmd.edit(home .. '/api/server.js')
      t.wait_for('the port', function()
        return manager.statusline():find('^%u+_PORT 5079$')
      end)
    end,
  },
}

t.run(tests)
