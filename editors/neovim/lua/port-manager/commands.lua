-- `:PortManager SUBCOMMAND`: asks what the server has to know, runs its command, and shows what came of it.
local server = require('port-manager.server')

local M = {}

local SERVICES = { 'web', 'api', 'db', 'cache', 'queue', 'monitoring', 'temporal', 'misc' }

local function inform(text)
  vim.notify('port-manager: ' .. text)
end

local function warn(text)
  vim.notify('port-manager: ' .. text, vim.log.levels.WARN)
end

--- JSON's null is a value of its own in Lua.
local function given(value)
  if value ~= vim.NIL then
    return value
  end
end

--- What a program or a directory is called shows as one line, whatever is in it.
local function plain(text)
  return (tostring(text):gsub('%c', ' '))
end

--- Shows rows as a table in a window below; `q` closes it.
local function show_table(title, header, rows)
  local widths = {}
  for _, row in ipairs(vim.list_extend({ header }, rows)) do
    for column, cell in ipairs(row) do
      row[column] = plain(cell)
      widths[column] = math.max(widths[column] or 0, vim.fn.strdisplaywidth(row[column]))
    end
  end
  local lines = {}
  for _, row in ipairs(vim.list_extend({ header }, rows)) do
    local cells = {}
    for column, cell in ipairs(row) do
      cells[column] = cell .. (' '):rep(widths[column] - vim.fn.strdisplaywidth(cell))
    end
    lines[#lines + 1] = (table.concat(cells, '  '):gsub('%s+$', ''))
  end
  vim.cmd(('botright %dnew'):format(math.min(#lines + 1, 15)))
  local buffer = vim.api.nvim_get_current_buf()
  vim.bo[buffer].buftype = 'nofile'
  vim.bo[buffer].bufhidden = 'wipe'
  vim.bo[buffer].swapfile = false
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].filetype = 'port-manager'
  pcall(vim.api.nvim_buf_set_name, buffer, 'port-manager://' .. title)
  vim.wo.wrap = false
  vim.keymap.set('n', 'q', '<Cmd>close<CR>', { buffer = buffer, desc = 'Close' })
end

local function describe_holder(holder)
  local words = { ('%s (pid %d)'):format(plain(holder.program), holder.pid) }
  if given(holder.project) then
    words[#words + 1] = 'of ' .. plain(holder.project)
  end
  if given(holder.directory) then
    words[#words + 1] = 'in ' .. plain(holder.directory)
  end
  if given(holder.protection) then
    words[#words + 1] = '(never stopped: ' .. plain(holder.protection) .. ')'
  end
  if holder.is_permitted == false then
    words[#words + 1] = "(another user's)"
  end
  if holder.is_suspended then
    words[#words + 1] = '(suspended)'
  end
  if #holder.other_ports > 0 then
    words[#words + 1] = '(also listens on ' .. table.concat(holder.other_ports, ', ') .. ')'
  end
  return table.concat(words, ' ')
end

-- What may start a server again, and how it is kept from it.
local function describe_restarter(restarter)
  local name = given(restarter.manager) or plain(restarter.program)
  local text = ('%s (pid %d) may start it again'):format(name, restarter.pid)
  if given(restarter.remedy) then
    text = text .. ('; this stops it: %s'):format(plain(table.concat(restarter.remedy, ' ')))
  end
  return text
end

local function running_restarter(report)
  local running = vim.tbl_filter(function(restarter)
    return restarter.is_running == true
  end, report.restarters)
  for _, restarter in ipairs(running) do
    if given(restarter.manager) then
      return restarter
    end
  end
  return running[1]
end

local function confirm(question, lines, yes)
  local text = question .. '\n' .. table.concat(lines, '\n')
  return vim.fn.confirm(text, ('&%s\n&Cancel'):format(yes), 2, 'Question') == 1
end

local function assignments(ports)
  return table.concat(
    vim.tbl_map(function(port)
      return ('%s=%d'):format(port.variable, port.port)
    end, ports),
    ', '
  )
end

local function listeners(found)
  return table.concat(
    vim.tbl_map(function(listener)
      local name = given(listener.program) or 'a process not visible to you'
      local pid = given(listener.pid) and (' (%d)'):format(listener.pid) or ''
      return name .. pid .. (given(listener.is_foreign) == true and ', not of this project' or '')
    end, found),
    '; '
  )
end

-- Stops the processes that were shown to the user; the server leaves every other process alone.
local function stop(port, expected, force)
  local request = { port = port, expected = expected, force = force }
  server.execute('free', request, function(report)
    local restarter = running_restarter(report)
    if report.is_free and restarter then
      warn(('nothing listens on port %d now, but %s'):format(port, describe_restarter(restarter)))
      return
    elseif report.is_free then
      inform(('port %d is free'):format(port))
      return
    end
    local left, stubborn = {}, false
    for _, holder in ipairs(vim.list_extend(vim.deepcopy(report.holders), report.successors)) do
      left[#left + 1] = describe_holder(holder)
      stubborn = stubborn or holder.outcome == 'listening' or holder.outcome == 'cannot-ask'
    end
    if stubborn and not force and confirm(('Port %d is still held. Kill?'):format(port), left, 'Kill') then
      stop(port, expected, true)
    else
      warn(('port %d is still held: %s'):format(port, table.concat(left, '; ')))
    end
  end)
end

local function identity(holder)
  return { pid = holder.pid, started_at = holder.started_at }
end

local function is_stoppable(holder)
  return not given(holder.protection)
end

local function services(lead)
  return vim.tbl_filter(function(service)
    return vim.startswith(service, lead)
  end, SERVICES)
end

-- One entry a subcommand; `:help port-manager-commands` says the same in words.
local SUBCOMMANDS = {
  init = {
    complete = function(lead)
      return vim.fn.getcompletion(lead, 'dir')
    end,
    run = function(path)
      local root = path and vim.fn.fnamemodify(path, ':p') or server.root() or vim.fn.getcwd()
      -- The user chose the directory, which need not be the workspace.
      server.execute('init', { path = root, chosen = true }, function(done)
        inform(('%s: %s'):format(plain(done.project), assignments(done.ports)))
      end)
    end,
  },
  show = {
    run = function(project)
      local which = project and { project = project } or { path = server.root() or vim.fn.getcwd() }
      server.execute('show', which, function(shown)
        local rows = vim.tbl_map(function(port)
          return { port.variable, port.port, port.service, given(port.ports_env) or '-' }
        end, shown.ports)
        show_table(plain(shown.project), { 'VARIABLE', 'PORT', 'SERVICE', '.ports.env' }, rows)
      end)
    end,
  },
  status = {
    run = function()
      server.execute('status', vim.empty_dict(), function(status)
        local rows = vim.tbl_map(function(port)
          return { port.port, port.project, port.variable, port.service, listeners(port.listeners) }
        end, status.ports)
        for _, held in ipairs(status.reservations) do
          rows[#rows + 1] = { held.port, '(reserved)', '', held.service, listeners(held.listeners) }
        end
        show_table('status', { 'PORT', 'PROJECT', 'VARIABLE', 'SERVICE', 'LISTENING' }, rows)
      end)
    end,
  },
  free = {
    run = function(text)
      local port = tonumber(text or '')
      if not port or port ~= math.floor(port) or port < 1 or port > 65535 then
        warn('which port? :PortManager free PORT')
        return
      end
      server.execute('free', { port = port, dry_run = true }, function(found)
        if found.is_free then
          inform(('nothing listens on port %d'):format(port))
        elseif #found.holders == 0 then
          warn(('port %d is held by a process that is not visible to you'):format(port))
        else
          local shown = vim.tbl_map(describe_holder, found.holders)
          if found.is_kept or not vim.iter(found.holders):any(is_stoppable) then
            warn(('port %d is held, and nothing there can be stopped: %s'):format(port, table.concat(shown, '; ')))
          elseif confirm(('Stop what listens on port %d?'):format(port), shown, 'Stop') then
            stop(port, vim.tbl_map(identity, found.holders), false)
          end
        end
      end)
    end,
  },
  clean = {
    run = function()
      server.execute('clean', { dry_run = true }, function(plan)
        local lines = vim.tbl_map(function(project)
          return ('%s in %s: %s'):format(
            plain(project.project),
            plain(project.root),
            table.concat(project.ports, ', ')
          )
        end, plan.projects)
        if #plan.reservations > 0 then
          lines[#lines + 1] = ('%d expired reservations'):format(#plan.reservations)
        end
        if #lines == 0 then
          inform('the registry is clean: every project exists')
        elseif confirm('Remove from the registry what nobody needs any more?', lines, 'Remove') then
          server.execute('clean', { dry_run = false }, function(done)
            inform(('removed %d projects and %d reservations'):format(#done.projects, #done.reservations))
          end)
        end
      end)
    end,
  },
  ['get-port'] = {
    complete = services,
    run = function(service)
      server.execute('get-port', { service = service or 'misc' }, function(reserved)
        vim.fn.setreg('"', tostring(reserved.port))
        inform(('port %d is yours until %s; p puts it'):format(reserved.port, reserved.expires_at))
      end)
    end,
  },
  fix = {
    run = function()
      vim.lsp.buf.code_action({
        context = { only = { 'source.fixAll.port-manager' }, diagnostics = {} },
        apply = true,
      })
    end,
  },
  restart = { run = server.restart },
}

function M.run(words)
  local subcommand = SUBCOMMANDS[words[1]]
  if subcommand then
    subcommand.run(words[2])
  else
    warn(('no subcommand %q; there are %s'):format(words[1], table.concat(M.names(), ', ')))
  end
end

function M.names()
  local names = vim.tbl_keys(SUBCOMMANDS)
  table.sort(names)
  return names
end

function M.complete(lead, line)
  local words = vim.split(line, '%s+', { trimempty = true })
  local name = words[2]
  if #words > 2 or (name and lead == '') then
    local subcommand = SUBCOMMANDS[name]
    return subcommand and subcommand.complete and subcommand.complete(lead) or {}
  end
  return vim.tbl_filter(function(candidate)
    return vim.startswith(candidate, lead)
  end, M.names())
end

return M
