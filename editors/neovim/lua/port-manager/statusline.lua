-- The ports of the current file's project in a few words. It is drawn at every keystroke, so it only reads what is known.
local server = require('port-manager.server')
local watch = require('port-manager.watch')

local M = {}

-- By root: the text, whether the server is being asked for it, and whether it has to be asked again.
local known = {}
local is_listening = false

-- By buffer: its root, until something changes.
local roots = {}

local function root_of(buffer)
  local name = vim.api.nvim_buf_get_name(buffer)
  if not roots[buffer] or roots[buffer].name ~= name then
    roots[buffer] = { name = name, root = server.root(buffer) or '' }
  end
  return roots[buffer].root
end

local function text_of(ports)
  local in_use, taken = 0, 0
  for _, port in ipairs(ports) do
    in_use = in_use + (#port.listeners > 0 and 1 or 0)
    taken = taken + (port.conflict ~= vim.NIL and port.conflict ~= nil and 1 or 0)
  end
  if #ports == 0 then
    return ''
  end
  local conflicts = taken > 0 and (' !%d'):format(taken) or ''
  if #ports == 1 then
    return ('%s %d%s%s'):format(ports[1].variable, ports[1].port, in_use > 0 and ' ●' or '', conflicts)
  end
  return ('%d ports%s%s'):format(#ports, in_use > 0 and (' ●%d'):format(in_use) or '', conflicts)
end

local ask

local function set(root, text)
  local entry = known[root]
  entry.is_asking = false
  if entry.is_old then
    ask(root)
  end
  if entry.text ~= text then
    entry.text = text
    vim.api.nvim_exec_autocmds('User', { pattern = 'PortManagerStatusline', modeline = false })
    vim.cmd.redrawstatus({ bang = true })
  end
end

ask = function(root)
  known[root].is_asking = true
  known[root].is_old = false
  server.execute('project', { path = root }, function(project)
    set(root, text_of(project.ports))
  end, function()
    set(root, '')
  end)
end

local function listen()
  if is_listening then
    return
  end
  is_listening = true
  vim.api.nvim_create_autocmd('User', {
    group = vim.api.nvim_create_augroup('port-manager.statusline', {}),
    pattern = 'PortManagerChanged',
    callback = function()
      roots = {}
      for root, entry in pairs(known) do
        -- An answer that is on its way may be from before the change.
        entry.is_old = entry.is_asking
        if not entry.is_asking then
          ask(root)
        end
      end
    end,
  })
end

---@return string
function M.text()
  if not server.is_running() then
    return ''
  end
  local root = root_of(vim.api.nvim_get_current_buf())
  if root == '' then
    return ''
  end
  if not known[root] then
    known[root] = { text = '' }
    listen()
    watch.set('statusline', true)
    -- Not while Neovim draws.
    vim.schedule(function()
      ask(root)
    end)
  end
  return known[root].text
end

return M
