-- `:PortManager`: what is offered, completed, and done.
local t = dofile(vim.env.TESTS .. '/support.lua')

local home = vim.uv.cwd()

local function complete(words)
  return vim.fn.getcompletion('PortManager ' .. words, 'cmdline')
end

local opened = {}
vim.ui.open = function(address)
  opened[#opened + 1] = address
end

local tests = {
  {
    'subcommands are completed',
    function()
      t.equal(complete('s'), { 'status', 'show', 'set' }, 'subcommands')
      t.equal(complete('nonsense '), {}, 'arguments of none')
    end,
  },
  {
    'it works before any file is open',
    function()
      t.project(home .. '/shop')
      t.write('server.js', 'web.listen(8079);\nconst api = process.env.API_PORT || 5079;')
      vim.cmd.PortManager('init')
      t.wait_for_message('shop: ')
      t.has(t.said[#t.said], 'WEB_PORT=8079')
      t.has(t.said[#t.said], 'API_PORT=5079')
    end,
  },
  {
    'variables, projects and service types are completed by what the server knows',
    function()
      t.equal(complete('open '), { 'WEB_PORT', 'API_PORT' }, 'variables')
      t.equal(complete('set API'), { 'API_PORT' }, 'variables by their beginning')
      t.equal(complete('set API_PORT '), { '5079' }, 'the number that it has')
      t.equal(complete('show '), { 'shop' }, 'projects')
      assert(vim.list_contains(complete('get-port '), 'monitoring'), 'no types')
      t.equal(complete('get-port m'), { 'monitoring', 'misc' }, 'types by their beginning')
      t.equal(complete('allocate NEW_PORT mon'), { 'monitoring' }, 'the second argument')
    end,
  },
  {
    'types of config.toml are completed',
    function()
      t.write(vim.env.PORT_MANAGER_CONFIG_DIR .. '/config.toml', '[ranges]\nsearch = "9200-9299"')
      t.equal(complete('get-port sea'), { 'search' }, 'types')
    end,
  },
  {
    'ports on which something listens are completed',
    function()
      local server = t.listen()
      assert(vim.list_contains(complete('free '), tostring(server.port)), vim.inspect(complete('free ')))
      server.stop()
    end,
  },
  {
    'without a subcommand it shows what there is',
    function()
      t.answer(function(prompt, items)
        t.equal(prompt, ':PortManager', 'the prompt')
        t.has(table.concat(items, '\n'), "status    Show all projects' ports and who listens now")
        return 'show '
      end)
      vim.cmd.PortManager()
      t.wait_for('the ports of the project', function()
        return vim.bo.filetype == 'port-manager' and t.text():find('WEB_PORT', 1, true)
      end)
      vim.cmd.close()
    end,
  },
  {
    'a mistyped subcommand is named with the one that was meant',
    function()
      vim.cmd.PortManager('statsu')
      t.equal(t.said[#t.said], 'port-manager: there is no subcommand "statsu"; did you mean status?', 'the message')
      vim.cmd.PortManager('dance')
      t.has(t.said[#t.said], 'there are status, show, init')
    end,
  },
  {
    'allocate, set and unset change the project',
    function()
      vim.cmd.PortManager({ 'allocate', 'CACHE_PORT', 'cache' })
      t.wait_for_message('CACHE_PORT=63')
      vim.cmd.PortManager({ 'set', 'CACHE_PORT', '6391' })
      t.wait_for_message('CACHE_PORT=6391')
      t.has(t.read('.ports.env'), 'CACHE_PORT=6391')
      vim.cmd.PortManager({ 'unset', 'CACHE_PORT' })
      t.wait_for_message('removed CACHE_PORT')
      assert(not t.read('.ports.env'):find('CACHE_PORT'), t.read('.ports.env'))
    end,
  },
  {
    'what an argument lacks is said',
    function()
      for subcommand, message in pairs({
        allocate = 'which variable? :PortManager allocate VARIABLE [SERVICE]',
        set = 'which variable and port? :PortManager set VARIABLE PORT',
        unset = 'which variable? :PortManager unset VARIABLE',
      }) do
        vim.cmd.PortManager(subcommand)
        t.equal(t.said[#t.said], 'port-manager: ' .. message, subcommand)
      end
    end,
  },
  {
    'open opens a server of the project',
    function()
      vim.cmd.PortManager({ 'open', 'API_PORT' })
      t.wait_for('the address', function()
        return opened[#opened] == 'http://localhost:5079'
      end)
      t.answer(function()
        return 'WEB_PORT'
      end)
      vim.cmd.PortManager('open')
      t.wait_for('the chosen address', function()
        return opened[#opened] == 'http://localhost:8079'
      end)
      vim.cmd.PortManager({ 'open', 'WEB_PROT' })
      t.wait_for_message('no variable WEB_PROT; did you mean WEB_PORT?')
    end,
  },
  {
    'fix all uses the variables in every file',
    function()
      t.open('server.js', t.read('server.js'))
      t.wait_for_client()
      vim.cmd.PortManager({ 'fix', 'all' })
      t.wait_for_message('1 place in 1 file')
      t.wait_for('the edit', function()
        return t.text():find('web.listen(process.env.WEB_PORT || 8079);', 1, true)
      end)
    end,
  },
  {
    'clean removes projects that are gone, if the user says so',
    function()
      t.project(home .. '/gone')
      t.write('server.js', 'app.listen(8077);')
      -- The current file is in another project.
      vim.cmd.PortManager({ 'init', '.' })
      t.wait_for_message('gone: WEB_PORT=8077')
      vim.cmd.cd(home .. '/shop')
      vim.fn.delete(home .. '/gone', 'rf')
      t.answer(function(_, items)
        t.has(items[1], 'Remove gone in ')
        return 'Cancel'
      end)
      vim.cmd.PortManager('clean')
      t.wait_for('the question', function()
        return #t.asked == 1
      end)
      t.answer(function()
        return 'Remove'
      end)
      vim.cmd.PortManager('clean')
      t.wait_for_message('removed 1 project and 0 reservations')
    end,
  },
}

t.run(tests)
