-- For `vim.lsp.enable('port-manager')` (Neovim 0.11 and newer). `vim.lsp.config('port-manager', {...})` overrides it.
return require('port-manager.server').config()
