-- The places of a port in the quickfix list, as `vim.lsp.buf.references()` shows them.
local M = {}

---@param locations lsp.Location[]
---@param client_id integer
function M.open(locations, client_id)
  local client = vim.lsp.get_client_by_id(client_id)
  local items = vim.lsp.util.locations_to_items(locations, client and client.offset_encoding or 'utf-16')
  vim.fn.setqflist({}, ' ', { title = 'Places of the port', items = items })
  vim.cmd('botright copen')
end

return M
