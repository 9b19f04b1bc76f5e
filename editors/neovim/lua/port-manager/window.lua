-- The windows that show ports: a buffer of lines with highlights, below the others; `q` closes it.
local M = {}

local namespace = vim.api.nvim_create_namespace('port-manager')

local GROUPS = {
  PortManagerTitle = 'Title',
  PortManagerProject = 'Directory',
  PortManagerPath = 'Comment',
  PortManagerVariable = 'Identifier',
  PortManagerPort = 'Number',
  PortManagerService = 'Type',
  PortManagerListening = 'DiagnosticOk',
  PortManagerForeign = 'DiagnosticWarn',
  PortManagerIdle = 'Comment',
  PortManagerKey = 'Special',
}

local function define_groups()
  for name, link in pairs(GROUPS) do
    vim.api.nvim_set_hl(0, name, { link = link, default = true })
  end
end

---@class port-manager.Part
---@field [1] string the text
---@field [2]? string its highlight group

---@alias port-manager.Line port-manager.Part[]

--- Pads the cells of rows, so that they stand in columns.
---@param rows port-manager.Line[]
---@return port-manager.Line[]
function M.columns(rows)
  local widths = {}
  for _, row in ipairs(rows) do
    for column, part in ipairs(row) do
      widths[column] = math.max(widths[column] or 0, vim.fn.strdisplaywidth(part[1]))
    end
  end
  return vim.tbl_map(function(row)
    local padded = {}
    for column, part in ipairs(row) do
      local fill = column < #row and widths[column] - vim.fn.strdisplaywidth(part[1]) + 2 or 0
      padded[#padded + 1] = part
      padded[#padded + 1] = { (' '):rep(fill) }
    end
    return padded
  end, rows)
end

--- Replaces the text of a buffer by lines.
---@param buffer integer
---@param lines port-manager.Line[]
function M.fill(buffer, lines)
  local texts, marks = {}, {}
  for row, line in ipairs(lines) do
    local text = ''
    for _, part in ipairs(line) do
      if part[2] and part[1] ~= '' then
        marks[#marks + 1] = { row - 1, #text, #text + #part[1], part[2] }
      end
      text = text .. part[1]
    end
    texts[row] = (text:gsub('%s+$', ''))
  end
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, texts)
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].modified = false
  vim.api.nvim_buf_clear_namespace(buffer, namespace, 0, -1)
  for _, mark in ipairs(marks) do
    local row, from, to, group = mark[1], mark[2], mark[3], mark[4]
    vim.api.nvim_buf_set_extmark(
      buffer,
      namespace,
      row,
      from,
      { end_col = math.min(to, #texts[row + 1]), hl_group = group }
    )
  end
end

--- The window that shows a buffer in this tab page.
---@param buffer integer
---@return integer?
function M.window_of(buffer)
  for _, window in ipairs(vim.api.nvim_tabpage_list_wins(0)) do
    if vim.api.nvim_win_get_buf(window) == buffer then
      return window
    end
  end
end

-- Back to where the user was; the last window of all shows another buffer.
local function close()
  local before = vim.fn.win_getid(vim.fn.winnr('#'))
  if #vim.api.nvim_tabpage_list_wins(0) == 1 and vim.fn.tabpagenr('$') == 1 then
    vim.cmd.bwipeout()
    return
  end
  vim.cmd.close()
  if vim.api.nvim_win_is_valid(before) then
    vim.api.nvim_set_current_win(before)
  end
end

--- Shows lines in a window below, as high as they need; the one that has this title already is used again.
---@param title string
---@param lines port-manager.Line[]
---@return integer buffer
function M.open(title, lines)
  define_groups()
  local name = 'port-manager://' .. title
  local buffer = vim.fn.bufnr('^' .. vim.fn.escape(name, '^$.*~[]\\') .. '$')
  if buffer == -1 then
    buffer = vim.api.nvim_create_buf(false, true)
    vim.api.nvim_buf_set_name(buffer, name)
    vim.bo[buffer].bufhidden = 'wipe'
    vim.bo[buffer].filetype = 'port-manager'
    vim.keymap.set('n', 'q', close, { buffer = buffer, nowait = true, desc = 'Close' })
  end
  M.fill(buffer, lines)
  local window = M.window_of(buffer)
  if window then
    vim.api.nvim_set_current_win(window)
  else
    vim.cmd(('botright %dsplit'):format(math.max(3, math.min(#lines + 1, math.floor(vim.o.lines / 2)))))
    vim.api.nvim_win_set_buf(0, buffer)
  end
  for option, value in pairs({
    wrap = false,
    number = false,
    relativenumber = false,
    signcolumn = 'no',
    list = false,
    spell = false,
  }) do
    vim.api.nvim_set_option_value(option, value, { scope = 'local' })
  end
  vim.wo[0][0].cursorline = true
  vim.wo[0][0].fillchars = 'eob: '
  vim.wo[0][0].winfixheight = true
  return buffer
end

return M
