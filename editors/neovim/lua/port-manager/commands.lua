-- `:PortManager SUBCOMMAND`: asks what the server has to know, runs its command, and shows what came of it.
local arguments = require('port-manager.arguments')
local browser = require('port-manager.browser')
local choose = require('port-manager.choose')
local options = require('port-manager.options')
local server = require('port-manager.server')
local show = require('port-manager.show')
local words = require('port-manager.words')

local M = {}

---@class port-manager.Subcommand
---@field name string
---@field arguments string as `:help` writes them
---@field summary string
---@field complete? (fun(given: string[]): string[])[] what each argument may be, by the arguments before it
---@field run fun(...: string)

local function open_variable(variable, ports)
  for _, port in ipairs(ports) do
    if port.variable == variable then
      browser.open(port.port)
      return
    end
  end
  local names = vim.tbl_map(function(port)
    return port.variable
  end, ports)
  local meant = options.nearest(variable, names)
  words.warn(
    ('this project has no variable %s; %s'):format(
      variable,
      meant and ('did you mean %s?'):format(meant) or ('it has %s'):format(table.concat(names, ', '))
    )
  )
end

local function choose_and_open(ports)
  if #ports == 1 then
    browser.open(ports[1].port)
    return
  end
  choose.port(ports, 'Open which server?', function(port)
    local who = words.listeners(port.listeners)
    return ('%s %d  %s'):format(port.variable, port.port, who == '' and 'nothing listens' or who)
  end, browser.open)
end

local function initialized(done)
  local project, ports = words.plain(done.project), words.assignments(done.ports)
  if ports == '' then
    return ('%s: no port was found'):format(project)
  elseif #ports + #project > vim.v.echospace - 20 then
    -- It would take an Enter to go on.
    return ('%s has %s; :PortManager show lists them'):format(project, words.count(#done.ports, 'port'))
  end
  return ('%s: %s'):format(project, ports)
end

local function clean()
  server.execute('clean', { dry_run = true }, function(plan)
    local left = {}
    for _, project in ipairs(plan.projects) do
      local text = ('%s in %s'):format(words.plain(project.project), words.path(project.root))
      left[#left + 1] = ('%s (%s)'):format(text, table.concat(project.ports, ', '))
    end
    if #plan.reservations > 0 then
      left[#left + 1] = words.count(#plan.reservations, 'expired reservation')
    end
    if #left == 0 then
      words.inform('the registry is clean: every project exists')
      return
    end
    local remove = 'Remove ' .. table.concat(left, '; ')
    choose.confirm('Remove projects whose directories are gone?', remove, function()
      server.execute('clean', { dry_run = false }, function(done)
        local removed = words.count(#done.projects, 'project')
        words.inform(('removed %s and %s'):format(removed, words.count(#done.reservations, 'reservation')))
      end)
    end)
  end)
end

local function fix(scope)
  if scope == 'all' then
    server.execute('fix-all', { path = server.here(), chosen = true }, function(done)
      local left = vim.tbl_map(function(port)
        return port.variable
      end, done.incomplete)
      local text = ('%s in %s'):format(words.count(done.fixes, 'place'), words.count(done.files, 'file'))
      words.inform(#left == 0 and text or ('%s; left for you: %s'):format(text, table.concat(left, ', ')))
    end)
    return
  end
  vim.lsp.buf.code_action({
    context = { only = { 'source.fixAll.port-manager' }, diagnostics = {} },
    apply = true,
  })
end

---@type port-manager.Subcommand[]
local SUBCOMMANDS = {
  {
    name = 'status',
    arguments = '[all]',
    summary = "Show all projects' ports and who listens now",
    complete = {
      function()
        return { 'all' }
      end,
    },
    run = function(all)
      require('port-manager.status').open(all == 'all')
    end,
  },
  {
    name = 'show',
    arguments = '[PROJECT]',
    summary = "Show a project's ports",
    complete = { arguments.projects },
    run = function(project)
      show.open(project and { project = project } or { path = server.here() })
    end,
  },
  {
    name = 'init',
    arguments = '[DIRECTORY]',
    summary = 'Give the project its ports and write .ports.env',
    complete = { arguments.directories },
    run = function(directory)
      local root = directory and vim.fn.fnamemodify(vim.fn.expand(directory), ':p') or server.here()
      -- The user chose the directory, which need not be the workspace.
      server.execute('init', { path = root, chosen = true }, function(done)
        words.inform(initialized(done))
      end)
    end,
  },
  {
    name = 'allocate',
    arguments = 'VARIABLE [SERVICE]',
    summary = 'Give the project one more port variable',
    complete = { arguments.variables, arguments.services },
    run = function(variable, service)
      if not variable then
        words.warn('which variable? :PortManager allocate VARIABLE [SERVICE]')
        return
      end
      local request = { root = server.here(), chosen = true, variable = variable, service = service }
      server.execute('allocate', request, function(done)
        words.inform(('%s=%d'):format(words.plain(done.variable), done.port))
      end)
    end,
  },
  {
    name = 'set',
    arguments = 'VARIABLE PORT',
    summary = 'Give a variable the number that you choose',
    complete = { arguments.variables, arguments.number_of },
    run = function(variable, text)
      local port = words.port(text)
      if not port then
        words.warn('which variable and port? :PortManager set VARIABLE PORT')
        return
      end
      server.execute('set', { root = server.here(), chosen = true, variable = variable, port = port }, function()
        words.inform(('%s=%d'):format(variable, port))
      end)
    end,
  },
  {
    name = 'unset',
    arguments = 'VARIABLE',
    summary = 'Remove a variable from the project',
    complete = { arguments.variables },
    run = function(variable)
      if not variable then
        words.warn('which variable? :PortManager unset VARIABLE')
        return
      end
      server.execute('unset', { root = server.here(), chosen = true, variable = variable }, function()
        words.inform(('removed %s'):format(variable))
      end)
    end,
  },
  {
    name = 'open',
    arguments = '[VARIABLE]',
    summary = 'Open a server of the project in the browser',
    complete = { arguments.variables },
    run = function(variable)
      server.execute('project', { path = server.here() }, function(project)
        if #project.ports == 0 then
          words.warn('this project has no ports; :PortManager init gives it some')
        elseif variable then
          open_variable(variable, project.ports)
        else
          choose_and_open(project.ports)
        end
      end)
    end,
  },
  {
    name = 'free',
    arguments = '[PORT]',
    summary = 'Stop the process that listens on a port, after asking',
    complete = { arguments.ports_in_use },
    run = function(text)
      local port = words.port(text)
      if port then
        require('port-manager.free').port(port)
      elseif text then
        words.warn(('%q is not a port: a number from 1 to 65535'):format(text))
      else
        require('port-manager.free').choose()
      end
    end,
  },
  {
    name = 'get-port',
    arguments = '[SERVICE]',
    summary = 'Reserve a free port for a short while, and yank it',
    complete = { arguments.services },
    run = function(service)
      server.execute('get-port', { service = service or 'misc' }, function(reserved)
        vim.fn.setreg('"', tostring(reserved.port))
        words.inform(('port %d is reserved until %s; p puts it'):format(reserved.port, reserved.expires_at))
      end)
    end,
  },
  {
    name = 'fix',
    arguments = '[all]',
    summary = 'Use the variables for hardcoded ports: in this file, or in all files',
    complete = {
      function()
        return { 'all' }
      end,
    },
    run = fix,
  },
  {
    name = 'clean',
    arguments = '',
    summary = 'Remove what belongs to projects that are gone, after asking',
    run = clean,
  },
  {
    name = 'restart',
    arguments = '',
    summary = 'Restart the server',
    run = server.restart,
  },
}

--- The subcommands, in the order of the help.
---@return port-manager.Subcommand[]
function M.all()
  return SUBCOMMANDS
end

local function named(name)
  for _, subcommand in ipairs(SUBCOMMANDS) do
    if subcommand.name == name then
      return subcommand
    end
  end
end

local function names()
  return vim.tbl_map(function(subcommand)
    return subcommand.name
  end, SUBCOMMANDS)
end

-- What there is, to choose from.
local function menu()
  vim.ui.select(SUBCOMMANDS, {
    prompt = ':PortManager',
    kind = 'port-manager.command',
    format_item = function(subcommand)
      return ('%-9s %s'):format(subcommand.name, subcommand.summary)
    end,
  }, function(subcommand)
    if not subcommand then
      return
    elseif subcommand.arguments:find('^%u') then
      -- It needs an argument, which only the user knows.
      vim.api.nvim_feedkeys((':PortManager %s '):format(subcommand.name), 'n', false)
    else
      subcommand.run()
    end
  end)
end

---@param given string[] the subcommand and its arguments
function M.run(given)
  if #given == 0 then
    menu()
    return
  end
  local subcommand = named(given[1])
  if subcommand then
    subcommand.run(unpack(given, 2))
    return
  end
  local meant = options.nearest(given[1], names())
  words.warn(
    ('there is no subcommand %q; %s'):format(
      given[1],
      meant and ('did you mean %s?'):format(meant) or ('there are %s'):format(table.concat(names(), ', '))
    )
  )
end

--- What the word before the cursor may become.
---@param lead string
---@param line string the command line up to the cursor
---@return string[]
function M.complete(lead, line)
  -- Whatever comes before the command: a range, a modifier, another command.
  local behind = line:match('.*PortManager%s+(.*)$') or line
  local given = vim.split(vim.trim(behind), '%s+', { trimempty = true })
  if lead ~= '' then
    table.remove(given)
  end
  local candidates
  if #given == 0 then
    candidates = names()
  else
    local subcommand = named(table.remove(given, 1))
    local complete = subcommand and subcommand.complete and subcommand.complete[#given + 1]
    if complete == arguments.directories then
      return vim.fn.getcompletion(lead, 'dir')
    end
    candidates = complete and complete(given) or {}
  end
  return vim.tbl_filter(function(candidate)
    return vim.startswith(candidate, lead)
  end, candidates)
end

return M
