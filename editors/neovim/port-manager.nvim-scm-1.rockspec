rockspec_format = '3.0'
package = 'port-manager.nvim'
version = 'scm-1'
source = {
  -- The project has no public address yet.
  url = 'git+https://github.com/OWNER/port-manager',
  dir = 'port-manager/editors/neovim',
}
description = {
  summary = 'Stable ports for every project: hardcoded ports marked and fixed, who listens, one registry',
  license = 'MIT',
  labels = { 'neovim' },
}
dependencies = { 'lua == 5.1' }
build = {
  type = 'builtin',
  copy_directories = { 'doc', 'lsp', 'plugin' },
}
