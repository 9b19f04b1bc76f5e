-- The options of `setup()` and `vim.g.port_manager`.
local M = {}

---@class port-manager.Options
---@field enabled? boolean Whether the server is started by itself (default: true). If not, call `vim.lsp.enable('port-manager')`.
---@field cmd? string[] The server's command line (default: `{ 'port-manager', 'lsp' }`).
---@field settings? table The section `port-manager` of the settings: see docs/configuration.md.
---@field inlay_hints? boolean Whether inlay hints are shown where the server is attached (default: false).
---@field code_lens? boolean Whether code lenses are shown where the server is attached (default: false).

---@class port-manager.KnownOption
---@field default any
---@field is_valid fun(value: any): boolean
---@field expected string

local function is_boolean(value)
  return type(value) == 'boolean'
end

local function is_command(value)
  if type(value) ~= 'table' or #value == 0 or not vim.islist(value) then
    return false
  end
  for _, word in ipairs(value) do
    if type(word) ~= 'string' then
      return false
    end
  end
  return true
end

local function is_object(value)
  return type(value) == 'table' and (vim.tbl_isempty(value) or not vim.islist(value))
end

---@type table<string, port-manager.KnownOption>
local KNOWN = {
  enabled = { default = true, is_valid = is_boolean, expected = 'true or false' },
  cmd = {
    default = { 'port-manager', 'lsp' },
    is_valid = is_command,
    expected = "a list of words, as { 'port-manager', 'lsp' }",
  },
  settings = { default = {}, is_valid = is_object, expected = 'a table of settings' },
  inlay_hints = { default = false, is_valid = is_boolean, expected = 'true or false' },
  code_lens = { default = false, is_valid = is_boolean, expected = 'true or false' },
}

-- How many letters have to change to make one word of another; two that changed places count once.
local function distance(a, b)
  local rows = { [0] = {} }
  for j = 0, #b do
    rows[0][j] = j
  end
  for i = 1, #a do
    rows[i] = { [0] = i }
    for j = 1, #b do
      local cost = a:sub(i, i) == b:sub(j, j) and 0 or 1
      rows[i][j] = math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + cost)
      if i > 1 and j > 1 and a:sub(i, i) == b:sub(j - 1, j - 1) and a:sub(i - 1, i - 1) == b:sub(j, j) then
        rows[i][j] = math.min(rows[i][j], rows[i - 2][j - 2] + 1)
      end
    end
  end
  return rows[#a][#b]
end

--- The word that was probably meant; nil where none is near.
---@param word string
---@param words string[]
---@return string?
function M.nearest(word, words)
  local plain = word:lower():gsub('[-_]', '')
  local best, least = nil, math.max(1, math.floor(#plain / 3)) + 1
  for _, candidate in ipairs(words) do
    local apart = distance(plain, (candidate:lower():gsub('[-_]', '')))
    if apart < least then
      best, least = candidate, apart
    end
  end
  return best
end

local function names()
  local found = vim.tbl_keys(KNOWN)
  table.sort(found)
  return found
end

local function check_one(name, value)
  local known = KNOWN[name]
  if known then
    if not known.is_valid(value) then
      return ('%s has to be %s, but is %s'):format(name, known.expected, vim.inspect(value))
    end
    return
  end
  local meant = M.nearest(tostring(name), names())
  if meant then
    return ('there is no option %s; did you mean %s?'):format(tostring(name), meant)
  end
  return ('there is no option %s; the options are %s'):format(tostring(name), table.concat(names(), ', '))
end

--- What is wrong with options, one sentence each.
---@param options any
---@return string[]
function M.problems(options)
  if not is_object(options) then
    return { ('the options have to be a table, but are %s'):format(vim.inspect(options)) }
  end
  local found = {}
  for name, value in pairs(options) do
    found[#found + 1] = check_one(name, value)
  end
  table.sort(found)
  return found
end

local given_to_setup = {}

--- What `setup()` was called with; it counts before `vim.g.port_manager`.
---@param options table
function M.set(options)
  given_to_setup = options
end

--- Everything that was given, valid or not.
---@return any[]
function M.sources()
  local sources = { given_to_setup }
  if vim.g.port_manager ~= nil then
    table.insert(sources, vim.g.port_manager)
  end
  return sources
end

--- The options in force. What is not valid is as if it had not been given.
---@return port-manager.Options
function M.get()
  local options = {}
  for name, known in pairs(KNOWN) do
    options[name] = known.default
    for _, source in ipairs(M.sources()) do
      if is_object(source) and source[name] ~= nil and known.is_valid(source[name]) then
        options[name] = source[name]
        break
      end
    end
  end
  return options
end

return M
