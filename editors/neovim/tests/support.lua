-- What every file of tests uses: `local t = dofile(vim.env.TESTS .. '/support.lua')`.
local M = {}

local DEADLINE = 20000

--- What the plugin has said, the newest last.
M.said = {}
vim.notify = function(text)
  M.said[#M.said + 1] = text
end

--- Waits until a condition holds, and returns its value.
function M.wait_for(what, condition)
  local value
  local is_met = vim.wait(DEADLINE, function()
    value = condition()
    return value
  end, 20)
  if not is_met then
    error(('waited in vain for %s; said so far: %s'):format(what, vim.inspect(M.said)), 2)
  end
  return value
end

--- Waits until the newest message has this in it.
function M.wait_for_message(part)
  return M.wait_for(('the message %q'):format(part), function()
    local newest = M.said[#M.said]
    return newest and newest:find(part, 1, true) and newest
  end)
end

function M.equal(actual, expected, what)
  if not vim.deep_equal(actual, expected) then
    error(('%s: %s, expected %s'):format(what, vim.inspect(actual), vim.inspect(expected)), 2)
  end
end

--- Fails where the plugin's own directory is on the runtime path, and not what was installed of it.
function M.is_installed()
  local paths = vim.api.nvim_list_runtime_paths()
  assert(not vim.list_contains(paths, vim.env.PLUGIN), 'it is not the one that is tested')
end

--- A test of an installed plugin.
M.help_is_found = {
  'the help is found',
  function()
    vim.cmd.help('port-manager-options')
    M.equal(vim.fs.basename(vim.api.nvim_buf_get_name(0)), 'port-manager.txt', 'the file')
    vim.cmd.close()
  end,
}

--- Fails unless the text has the part in it.
function M.has(text, part)
  if not text:find(part, 1, true) then
    error(('%q is not in: %s'):format(part, text), 2)
  end
end

function M.read(path)
  return table.concat(vim.fn.readfile(path), '\n')
end

function M.write(path, content)
  vim.fn.mkdir(vim.fs.dirname(vim.fn.fnamemodify(path, ':p')), 'p')
  vim.fn.writefile(vim.split(content, '\n'), path)
end

--- The text of the current buffer.
function M.text(buffer)
  return table.concat(vim.api.nvim_buf_get_lines(buffer or 0, 0, -1, false), '\n')
end

--- Makes a directory that is a repository, and goes there.
function M.project(path)
  vim.fn.mkdir(path .. '/.git', 'p')
  vim.cmd.cd(path)
  return vim.uv.cwd()
end

--- Opens a file that holds this.
function M.open(path, content)
  M.write(path, content)
  vim.cmd.edit(path)
end

--- Puts the cursor on the first place of a text in the buffer.
function M.move_to(part)
  for row, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    local column = line:find(part, 1, true)
    if column then
      vim.api.nvim_win_set_cursor(0, { row, column - 1 })
      return
    end
  end
  error(('%q is not in: %s'):format(part, M.text()), 2)
end

function M.clients(buffer)
  return vim.lsp.get_clients({ name = 'port-manager', bufnr = buffer })
end

function M.wait_for_client(buffer)
  return M.wait_for('a client', function()
    local found = M.clients(buffer or vim.api.nvim_get_current_buf())[1]
    return found and found.initialized and found
  end)
end

function M.wait_for_diagnostics(expected)
  local codes
  local is_met = vim.wait(DEADLINE, function()
    codes = vim.tbl_map(function(diagnostic)
      return diagnostic.code
    end, vim.diagnostic.get(0))
    return vim.deep_equal(codes, expected)
  end, 20)
  if not is_met then
    error(('diagnostics: %s, expected %s'):format(vim.inspect(codes), vim.inspect(expected)), 2)
  end
end

--- The questions that were asked, the newest last: `prompt` and `items`, as people read them.
M.asked = {}

--- Answers the next questions in the user's place: with a part of the item to choose, or nil to choose none.
function M.answer(how)
  M.asked = {}
  vim.ui.select = function(items, options, on_choice)
    local shown = vim.tbl_map(options.format_item or tostring, items)
    M.asked[#M.asked + 1] = { prompt = options.prompt, items = shown }
    local wanted = how(options.prompt, shown)
    for index, item in ipairs(items) do
      if wanted and shown[index]:find(wanted, 1, true) then
        return on_choice(item, index)
      end
    end
    on_choice(nil, nil)
  end
end

--- A process that listens on a port, a free one by default.
function M.listen(port)
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
  M.wait_for('a listener', function()
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
      M.wait_for('its end', function()
        return not is_running()
      end)
    end,
  }
end

--- Another Neovim, which has a screen and a keyboard: for typing, and for what is drawn only there.
function M.editor()
  local program, socket = vim.env.NVIM_PROGRAM, vim.fn.tempname()
  local config = vim.env.TESTS .. '/init.lua'
  local server = vim.fn.jobstart({ program, '--headless', '--listen', socket, '-i', 'NONE', '-n', '-u', config })
  M.wait_for('its socket', function()
    return vim.uv.fs_stat(socket)
  end)
  local terminal = { pty = true, width = 100, height = 30, env = { TERM = 'xterm-256color' } }
  local screen = vim.fn.jobstart({ program, '--server', socket, '--remote-ui' }, terminal)
  local channel = vim.fn.sockconnect('pipe', socket, { rpc = true })
  M.wait_for('its screen', function()
    return #vim.rpcrequest(channel, 'nvim_list_uis') > 0
  end)
  local editor = {}
  function editor.lua(code, ...)
    return vim.rpcrequest(channel, 'nvim_exec_lua', code, { ... })
  end
  function editor.type(keys)
    vim.rpcrequest(channel, 'nvim_input', keys)
  end
  --- The screen's text, a line a row.
  function editor.screen()
    return editor.lua([[
      local rows = {}
      for row = 1, vim.o.lines do
        local cells = {}
        for column = 1, vim.o.columns do
          cells[column] = vim.fn.screenstring(row, column)
        end
        rows[row] = table.concat(cells)
      end
      return table.concat(rows, '\n')
    ]])
  end
  --- Waits until the screen shows what matches a pattern.
  function editor.wait_for(pattern)
    local shown
    local is_met = vim.wait(DEADLINE, function()
      shown = editor.screen()
      return shown:find(pattern)
    end, 50)
    if not is_met then
      error(('%q is not on the screen:\n%s'):format(pattern, shown), 2)
    end
  end
  function editor.close()
    vim.fn.jobstop(screen)
    vim.fn.jobstop(server)
  end
  return editor
end

--- Runs tests, `{ name, function }`, one after the other, and ends Neovim.
function M.run(tests)
  local failed = 0
  for _, test in ipairs(tests) do
    local name, run = test[1], test[2]
    local is_fine, reason = xpcall(run, debug.traceback)
    io.write(is_fine and '  ok     ' or '  FAILED ', name, is_fine and '\n' or '\n' .. reason .. '\n')
    failed = failed + (is_fine and 0 or 1)
  end
  io.write(('%d passed, %d failed\n'):format(#tests - failed, failed))
  vim.cmd(failed == 0 and 'qall!' or 'cquit!')
end

return M
