-- What somebody does in Neovim, one thing after the other. Run by `tests/run`.
local DEADLINE = 20000

local said = {}
vim.notify = function(text)
  said[#said + 1] = text
end

local function wait_for(what, condition)
  if not vim.wait(DEADLINE, condition, 20) then
    error(('%s: waited in vain; said so far: %s'):format(what, vim.inspect(said)), 2)
  end
end

local function equal(actual, expected, what)
  if not vim.deep_equal(actual, expected) then
    error(('%s: %s, expected %s'):format(what, vim.inspect(actual), vim.inspect(expected)), 2)
  end
end

local function read(path)
  return table.concat(vim.fn.readfile(path), '\n')
end

local function text()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
end

--- Opens a file that holds this.
local function open(path, content)
  vim.fn.writefile(vim.split(content, '\n'), path)
  vim.cmd.edit(path)
end

local function messages()
  return vim.tbl_map(function(diagnostic)
    return diagnostic.code
  end, vim.diagnostic.get(0))
end

local function wait_for_diagnostics(expected)
  wait_for(vim.inspect(expected), function()
    return vim.deep_equal(messages(), expected)
  end)
end

local function choose_preferred()
  vim.lsp.buf.code_action({
    filter = function(action)
      return action.isPreferred
    end,
    apply = true,
  })
end

--- Answers the next questions in the user's place.
local asked = 0
local function answer(how)
  asked = 0
  vim.fn.confirm = function(question)
    asked = asked + 1
    return how(question)
  end
end

local function was_asked()
  return asked > 0
end

--- A process that listens on a port, a free one by default.
local function listen(port)
  local program = [[
import socket, sys, time
server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("127.0.0.1", int(sys.argv[1])))
server.listen()
print(server.getsockname()[1], flush=True)
time.sleep(600)
]]
  local listening
  local job = vim.fn.jobstart({ 'python3', '-c', program, tostring(port or 0) }, {
    on_stdout = function(_, lines)
      listening = listening or tonumber(lines[1])
    end,
  })
  wait_for('a listener', function()
    return listening
  end)
  local function is_running()
    return vim.fn.jobwait({ job }, 0)[1] == -1
  end
  return {
    port = listening,
    pid = vim.fn.jobpid(job),
    is_running = is_running,
    stop = function()
      vim.fn.jobstop(job)
      wait_for('its end', function()
        return not is_running()
      end)
    end,
  }
end

local tests = {
  {
    'a hardcoded port is marked, registered and replaced',
    function()
      vim.fn.writefile({}, '.ports.env')
      open('server.js', "const ship = '🚢'; app.listen(8079);")
      wait_for_diagnostics({ 'hardcoded-port' })
      vim.api.nvim_win_set_cursor(0, { 1, text():find('8079') - 1 })
      choose_preferred()
      wait_for('the fix', function()
        return text() == "const ship = '🚢'; app.listen(process.env.WEB_PORT || 8079);"
      end)
      wait_for_diagnostics({})
      assert(read('.ports.env'):find('WEB_PORT=%d+'), read('.ports.env'))
    end,
  },
  {
    'a hover tells whose a port is',
    function()
      local column = text():find('WEB_PORT')
      vim.api.nvim_win_set_cursor(0, { 1, column })
      vim.lsp.buf.hover()
      local shown
      wait_for('the hover', function()
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
      local port = read('.ports.env'):match('WEB_PORT=(%d+)')
      open('other.js', ('a.listen(%s);\nb.listen(%s);'):format(port, port))
      wait_for_diagnostics({ 'hardcoded-port', 'hardcoded-port' })
      vim.cmd.PortManager('fix')
      wait_for('the fixes', function()
        return text()
          == ('a.listen(process.env.WEB_PORT || %s);\nb.listen(process.env.WEB_PORT || %s);'):format(port, port)
      end)
    end,
  },
  {
    'a file of variables is read too',
    function()
      open('.ports.env', read('.ports.env') .. '\nnonsense')
      wait_for_diagnostics({ 'invalid-ports-env' })
      vim.cmd('$delete | silent write')
      wait_for_diagnostics({})
    end,
  },
  {
    'init, show and status tell of the ports',
    function()
      vim.cmd.PortManager('init')
      wait_for('init', function()
        return (said[#said] or ''):find('^port%-manager: shop: WEB_PORT=%d+')
      end)
      for _, words in ipairs({ { 'show' }, { 'show', 'shop' }, { 'status' } }) do
        local before = vim.api.nvim_get_current_buf()
        vim.cmd.PortManager(words)
        wait_for(words[1], function()
          return vim.api.nvim_get_current_buf() ~= before
        end)
        assert(text():find('WEB_PORT'), text())
        vim.cmd.close()
      end
    end,
  },
  {
    'get-port reserves a port',
    function()
      vim.cmd.PortManager({ 'get-port', 'api' })
      wait_for('a port', function()
        return tonumber(vim.fn.getreg('"')) ~= nil and vim.fn.getreg('"'):find('^81%d%d$')
      end)
    end,
  },
  {
    'free and clean have nothing to do',
    function()
      vim.cmd.PortManager({ 'free', '65535' })
      wait_for('free', function()
        return said[#said] == 'port-manager: nothing listens on port 65535'
      end)
      vim.cmd.PortManager('clean')
      wait_for('clean', function()
        return said[#said] == 'port-manager: the registry is clean: every project exists'
      end)
      vim.cmd.PortManager({ 'free', 'many' })
      equal(said[#said], 'port-manager: which port? :PortManager free PORT', 'a word')
    end,
  },
  {
    'free stops the process that it has shown, and no other',
    function()
      local shown = listen()
      local other
      answer(function(question)
        assert(question:find('Stop what listens on port ' .. shown.port .. '?', 1, true), question)
        assert(question:find('pid ' .. shown.pid, 1, true), question)
        -- While the question is open, another process takes the port.
        shown.stop()
        other = listen(shown.port)
        return 1
      end)
      vim.cmd.PortManager({ 'free', tostring(shown.port) })
      wait_for('the refusal', function()
        return (said[#said] or ''):find('nobody was stopped', 1, true)
      end)
      assert(other.is_running(), 'it was not shown')

      answer(function()
        return 2
      end)
      vim.cmd.PortManager({ 'free', tostring(other.port) })
      wait_for('the question', was_asked)
      assert(other.is_running(), 'the answer was no')

      answer(function()
        return 1
      end)
      vim.cmd.PortManager({ 'free', tostring(other.port) })
      wait_for('the stop', function()
        return said[#said] == ('port-manager: port %d is free'):format(other.port)
      end)
      assert(not other.is_running())
    end,
  },
  {
    'free asks nothing about a process that is never stopped',
    function()
      local server = vim.uv.new_tcp()
      server:bind('127.0.0.1', 0)
      server:listen(1, function() end)
      local port = server:getsockname().port
      answer(function()
        return 1
      end)
      vim.cmd.PortManager({ 'free', tostring(port) })
      wait_for('the reason', function()
        return (said[#said] or ''):find(('port %d is held, and nothing there can be stopped'):format(port), 1, true)
      end)
      server:close()
      assert(not was_asked())
    end,
  },
  {
    'a failure is shown',
    function()
      vim.cmd.PortManager({ 'show', 'nowhere' })
      wait_for('the failure', function()
        return (said[#said] or ''):find("^port%-manager: no project 'nowhere' is registered")
      end)
    end,
  },
  {
    'subcommands and services are completed',
    function()
      equal(vim.fn.getcompletion('PortManager s', 'cmdline'), { 'show', 'status' }, 'subcommands')
      equal(vim.fn.getcompletion('PortManager get-port m', 'cmdline'), { 'monitoring', 'misc' }, 'services')
    end,
  },
  {
    'a restarted server goes on',
    function()
      vim.cmd.edit('server.js')
      vim.cmd.PortManager('restart')
      vim.api.nvim_buf_set_lines(0, 0, -1, false, { 'app.listen(8079);' })
      wait_for_diagnostics({ 'hardcoded-port' })
    end,
  },
  {
    'the health report finds the server',
    function()
      vim.cmd.checkhealth('port-manager')
      assert(text():find('port%-manager %d'), text())
      assert(text():find('runs for'), text())
    end,
  },
}

local failed = 0
for _, test in ipairs(tests) do
  local name, run = test[1], test[2]
  local is_fine, reason = xpcall(run, debug.traceback)
  io.stdout:write(is_fine and 'ok     ' or 'FAILED ', name, is_fine and '\n' or '\n' .. reason .. '\n')
  failed = failed + (is_fine and 0 or 1)
end
io.stdout:write(('%d passed, %d failed (%s)\n'):format(#tests - failed, failed, tostring(vim.version())))
vim.cmd(failed == 0 and 'qall!' or 'cquit!')
