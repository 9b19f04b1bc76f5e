-- Where the program is. The server starts in the project, where a relative directory of `PATH` such as `./node_modules/.bin` is one of
-- the project's: no project may bring a program that is run because a file was opened.
local M = {}

local is_windows = vim.fn.has('win32') == 1

local function is_absolute(directory)
  if is_windows then
    return directory:find('^%a:[/\\]') ~= nil or directory:find('^\\\\') ~= nil
  end
  return vim.startswith(directory, '/')
end

--- The file that a name means by the absolute directories of `PATH`.
---@param name string
---@return string?
local function on_path(name)
  for _, directory in ipairs(vim.split(vim.env.PATH or '', is_windows and ';' or ':', { plain = true })) do
    directory = directory:gsub('^"(.*)"$', '%1')
    local file = directory .. '/' .. name .. (is_windows and '.exe' or '')
    if is_absolute(directory) and vim.fn.executable(file) == 1 then
      return file
    end
  end
end

--- A command line whose program is a path, and so is the same in every project. A name that is nowhere becomes the path that
--- `make install` gives it, where there is nothing yet.
---@param words string[]
---@return string[]
function M.command(words)
  if words[1]:find('[/\\]') then
    return words
  end
  local command = vim.list_extend({}, words)
  command[1] = on_path(words[1]) or vim.fs.normalize('~/.cargo/bin/' .. words[1])
  return command
end

return M
