-- What people choose from, by `vim.ui.select`.
local M = {}

--- Asks whether to do something, and does it if people say so.
---@param prompt string
---@param answer string what is done, as the first of two answers
---@param act fun()
function M.confirm(prompt, answer, act)
  vim.ui.select({ answer, 'Cancel' }, { prompt = prompt }, function(choice)
    if choice == answer then
      act()
    end
  end)
end

--- Lets people choose one of several ports.
---@param ports table[] each with its number as `port`
---@param prompt string
---@param describe fun(port: table): string
---@param act fun(port: integer)
function M.port(ports, prompt, describe, act)
  vim.ui.select(ports, { prompt = prompt, kind = 'port-manager.port', format_item = describe }, function(choice)
    if choice then
      act(choice.port)
    end
  end)
end

return M
