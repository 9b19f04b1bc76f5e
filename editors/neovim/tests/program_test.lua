-- Which program is run: never one of the project.
local t = dofile(vim.env.TESTS .. '/support.lua')

local program = require('port-manager.program')
local home = vim.uv.cwd()
local ran = home .. '/ran'

--- A project that brings a program of the server's name.
local function hostile(name)
  local root = t.project(home .. '/' .. name)
  local own = root .. '/node_modules/.bin/port-manager'
  t.write(own, '#!/bin/sh\necho >> ' .. ran .. '\n')
  vim.uv.fs_chmod(own, tonumber('755', 8))
  return root
end

local tests = {
  {
    'opening a file runs no program of the project',
    function()
      hostile('opened')
      t.open('server.js', 'app.listen(8080)')
      t.wait_for_client()
      t.equal(vim.uv.fs_stat(ran), nil, 'what the program of the project wrote')
    end,
  },
  {
    'a name that options give is looked for in the same way',
    function()
      hostile('named')
      require('port-manager').setup({ cmd = { 'port-manager', 'lsp', '--quiet' } })
      t.open('server.js', 'app.listen(8080)')
      t.wait_for('the server with this command line', function()
        local client = t.clients()[1]
        return client and client.initialized and client.config.cmd[3] == '--quiet'
      end)
      t.equal(vim.uv.fs_stat(ran), nil, 'what the program of the project wrote')
    end,
  },
  {
    'a program in no absolute directory is not found',
    function()
      hostile('alone')
      local path = vim.env.PATH
      vim.env.PATH = './node_modules/.bin::node_modules/.bin'
      local command = program.command({ 'port-manager', 'lsp' })
      vim.env.PATH = path
      t.equal(command, { vim.fs.normalize('~/.cargo/bin/port-manager'), 'lsp' }, 'the command line')
    end,
  },
  {
    'a path stays as it is',
    function()
      t.equal(program.command({ '/opt/port-manager', 'lsp' }), { '/opt/port-manager', 'lsp' }, 'the command line')
    end,
  },
}

t.run(tests)
