-- Opens what listens on a port of this machine.
local M = {}

---@param port integer
function M.open(port)
  vim.ui.open(('http://localhost:%d'):format(port))
end

return M
