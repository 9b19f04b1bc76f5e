-- `:PortManager status`: every project's ports and who listens now, in a buffer that stays current.
local server = require('port-manager.server')
local watch = require('port-manager.watch')
local window = require('port-manager.window')
local words = require('port-manager.words')

local M = {}

local TITLE = 'status'

---@class port-manager.Row
---@field port integer
---@field variable? string
---@field root? string
---@field listeners table[]

-- What is shown: the ports by their lines, and whether those that nobody registered are among them.
local shown = { buffer = nil, rows = {}, all = false }

local KEYS = {
  { '<CR>', 'Go to the line of .ports.env', 'definition' },
  { 'gd', 'Go to the line of .ports.env', 'definition' },
  { 'x', 'Stop what listens there, after asking', 'free' },
  { 'y', 'Copy the number', 'copy' },
  { 'gx', 'Open it in the browser', 'browse' },
  { 'a', 'Show or hide the ports of other programs', 'toggle' },
  { 'r', 'Look again', 'refresh' },
  { 'q', 'Close', nil },
  { 'g?', 'Show these keys', 'help' },
}

local function state_of(port)
  if #port.listeners == 0 then
    return '○', 'PortManagerIdle'
  end
  for _, listener in ipairs(port.listeners) do
    if words.given(listener.is_foreign) == true then
      return '●', 'PortManagerForeign'
    end
  end
  return '●', 'PortManagerListening'
end

local function cells(port, name, what)
  local sign, group = state_of(port)
  local who = words.listeners(port.listeners)
  return {
    { '  ' .. sign, group },
    { words.plain(name), 'PortManagerVariable' },
    { ('%5d'):format(port.port), 'PortManagerPort' },
    { words.plain(what), 'PortManagerService' },
    { who == '' and '-' or who, group },
  }
end

-- The groups in order: the project at hand first, then by name, reservations, other programs.
local function groups_of(status, root)
  local by_root, groups = {}, {}
  for _, port in ipairs(status.ports) do
    local group = by_root[port.root]
    if not group then
      group = { title = port.project, path = port.root, rows = {} }
      by_root[port.root] = group
      table.insert(groups, port.root == root and 1 or #groups + 1, group)
    end
    table.insert(group.rows, { port = port, cells = cells(port, port.variable, port.service) })
  end
  local reserved = { title = 'Reserved', rows = {} }
  for _, port in ipairs(status.reservations) do
    table.insert(reserved.rows, { port = port, cells = cells(port, '(get-port)', port.service) })
  end
  local others = { title = 'Not registered', rows = {} }
  for _, port in ipairs(words.given(status.others) or {}) do
    table.insert(others.rows, { port = port, cells = cells(port, '', '') })
  end
  for _, group in ipairs({ reserved, others }) do
    if #group.rows > 0 then
      table.insert(groups, group)
    end
  end
  return groups, vim.tbl_count(by_root)
end

local function title_line(status, projects)
  local in_use = 0
  for _, port in ipairs(status.ports) do
    in_use = in_use + (#port.listeners > 0 and 1 or 0)
  end
  local text = ('%s of %s, %d in use'):format(
    words.count(#status.ports, 'port'),
    words.count(projects, 'project'),
    in_use
  )
  return { { text, 'PortManagerTitle' }, { '    g? ', 'PortManagerKey' }, { 'keys', 'PortManagerPath' } }
end

-- The lines, and the ports by their lines.
local function render(status, root)
  local groups, projects = groups_of(status, root)
  local all_cells = {}
  for _, group in ipairs(groups) do
    for _, row in ipairs(group.rows) do
      table.insert(all_cells, row.cells)
    end
  end
  local padded, next_row = window.columns(all_cells), 0
  local lines, rows = { title_line(status, projects) }, {}
  for _, group in ipairs(groups) do
    table.insert(lines, { { '' } })
    table.insert(lines, {
      { words.plain(group.title), 'PortManagerProject' },
      { group.path and '  ' .. words.path(group.path) or '', 'PortManagerPath' },
    })
    for _, row in ipairs(group.rows) do
      next_row = next_row + 1
      table.insert(lines, padded[next_row])
      rows[#lines] = row.port
    end
  end
  if #groups == 0 then
    table.insert(lines, { { '' } })
    table.insert(lines, { { 'No project has ports yet. In a project: ' }, { ':PortManager init', 'PortManagerKey' } })
  end
  return lines, rows
end

local function is_open()
  return shown.buffer ~= nil and vim.api.nvim_buf_is_valid(shown.buffer)
end

---@return port-manager.Row?
local function current()
  local row = shown.rows[vim.api.nvim_win_get_cursor(0)[1]]
  if not row then
    words.warn('there is no port in this line')
  end
  return row
end

local function same(a, b)
  return a and b and a.port == b.port and a.root == b.root and a.variable == b.variable
end

-- Where a port is now: the lines above it may have come or gone.
local function line_of(port, rows)
  for line, row in pairs(rows) do
    if same(row, port) then
      return line
    end
  end
end

local function update(status, root)
  local lines, rows = render(status, root)
  local cursors = {}
  for _, view in ipairs(vim.fn.win_findbuf(shown.buffer)) do
    cursors[view] = shown.rows[vim.api.nvim_win_get_cursor(view)[1]]
  end
  window.fill(shown.buffer, lines)
  shown.rows = rows
  for view, port in pairs(cursors) do
    local line = line_of(port, rows)
    if line then
      vim.api.nvim_win_set_cursor(view, { line, vim.api.nvim_win_get_cursor(view)[2] })
    end
  end
end

-- Opens a file in another window than the one with the ports.
local function edit(path, line)
  local own = vim.api.nvim_get_current_win()
  vim.cmd.wincmd('p')
  if vim.api.nvim_get_current_win() == own or vim.bo.buftype ~= '' then
    vim.api.nvim_set_current_win(own)
    vim.cmd('aboveleft split')
  end
  vim.cmd.edit(vim.fn.fnameescape(path))
  vim.api.nvim_win_set_cursor(0, { line, 0 })
end

local actions = {}

function actions.definition()
  local row = current()
  if not row then
    return
  end
  local file = row.root and vim.fs.joinpath(row.root, '.ports.env')
  local lines = file and vim.fn.filereadable(file) == 1 and vim.fn.readfile(file) or {}
  for number, line in ipairs(lines) do
    local name = line:match('^%s*export%s+([%w_]+)%s*=') or line:match('^%s*([%w_]+)%s*=')
    if name == row.variable then
      edit(file, number)
      return
    end
  end
  words.warn(('no .ports.env has port %d'):format(row.port))
end

function actions.free()
  local row = current()
  if row then
    require('port-manager.free').port(row.port)
  end
end

function actions.copy()
  local row = current()
  if row then
    vim.fn.setreg(vim.v.register, tostring(row.port))
    words.inform(('copied %d'):format(row.port))
  end
end

function actions.browse()
  local row = current()
  if row then
    require('port-manager.browser').open(row.port)
  end
end

function actions.toggle()
  shown.all = not shown.all
  M.refresh()
end

function actions.refresh()
  M.refresh()
end

function actions.help()
  local lines = { { { 'Keys in the status of ports', 'PortManagerTitle' } }, { { '' } } }
  local rows = {}
  for _, key in ipairs(KEYS) do
    rows[#rows + 1] = { { '  ' .. key[1], 'PortManagerKey' }, { key[2] } }
  end
  window.open('keys', vim.list_extend(lines, window.columns(rows)))
end

local function set_up(buffer)
  for _, key in ipairs(KEYS) do
    if key[3] then
      vim.keymap.set('n', key[1], actions[key[3]], { buffer = buffer, nowait = true, desc = key[2] })
    end
  end
  local group = vim.api.nvim_create_augroup('port-manager.status', {})
  vim.api.nvim_create_autocmd('User', {
    group = group,
    pattern = 'PortManagerChanged',
    callback = function()
      M.refresh()
    end,
  })
  vim.api.nvim_create_autocmd('BufWipeout', {
    group = group,
    buffer = buffer,
    callback = function()
      shown = { buffer = nil, rows = {}, all = false }
      vim.api.nvim_clear_autocmds({ group = group })
      watch.set('status', false)
    end,
  })
end

--- Shows the newest state, where the buffer is open.
function M.refresh()
  if not is_open() then
    return
  end
  local root = vim.b[shown.buffer].port_manager_root
  server.execute('status', shown.all and { all = true } or vim.empty_dict(), function(status)
    if is_open() then
      update(status, root)
    end
  end)
end

--- Opens the status; with `all`, the other ports too on which something listens.
---@param all? boolean
function M.open(all)
  local root = server.root()
  if is_open() then
    root = vim.b[shown.buffer].port_manager_root
    shown.all = all or shown.all
  else
    shown.all = all or false
  end
  server.execute('status', shown.all and { all = true } or vim.empty_dict(), function(status)
    local is_new = not is_open()
    local lines, rows = render(status, root)
    shown.rows = rows
    shown.buffer = window.open(TITLE, lines)
    if not is_new then
      return
    end
    vim.b[shown.buffer].port_manager_root = root
    set_up(shown.buffer)
    watch.set('status', true)
    local first = vim.tbl_keys(rows)
    table.sort(first)
    if first[1] then
      vim.api.nvim_win_set_cursor(0, { first[1], 0 })
    end
  end)
end

return M
