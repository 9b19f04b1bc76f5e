-- To which files the server is attached, and which roots it is given.
local t = dofile(vim.env.TESTS .. '/support.lua')

local home = vim.uv.cwd()

local function folders(client)
  local found = vim.tbl_map(function(folder)
    return vim.uri_to_fname(folder.uri)
  end, client.workspace_folders or {})
  table.sort(found)
  return found
end

-- Neovim knows no type of most of these, so none of its own events attaches a server.
local NAMES = {
  'Procfile',
  'Procfile.dev',
  'Caddyfile',
  'web.service',
  'web.socket',
  '.ports.env',
  '.ports.env.example',
  '.env',
  '.env.example',
  '.env.local',
  'port-manager.toml',
  'nginx.conf',
  'haproxy.cfg',
  'redis.conf',
  'Tiltfile',
  'justfile',
  'Dockerfile',
  'compose.yaml',
  'bin/serve',
}

local tests = {
  {
    'a file without a type has a client',
    function()
      t.project(home .. '/names')
      for _, name in ipairs(NAMES) do
        t.open(name, '')
        t.wait_for_client()
      end
    end,
  },
  {
    'a file of no type is checked',
    function()
      t.open('Procfile', 'web: npm start -- --port 8079')
      vim.bo.filetype = ''
      t.wait_for('a diagnostic', function()
        return #vim.diagnostic.get(0) > 0
      end)
    end,
  },
  {
    'a file that gets its name by saving has a client',
    function()
      vim.cmd.enew()
      vim.api.nvim_buf_set_lines(0, 0, -1, false, { 'web: npm start -- --port 8079' })
      vim.cmd.write('Procfile.test')
      t.wait_for_client()
    end,
  },
  {
    'a buffer that is no file has none',
    function()
      vim.cmd.new()
      vim.bo.buftype = 'nofile'
      vim.api.nvim_buf_set_name(0, 'Procfile.scratch')
      vim.cmd.doautocmd('BufReadPost')
      vim.wait(200)
      t.equal(#t.clients(vim.api.nvim_get_current_buf()), 0, 'clients')
      vim.cmd('bwipeout!')
    end,
  },
  {
    'the root is the nearest directory with .ports.env or .git',
    function()
      local root = require('port-manager.server').root
      -- A .ports.env above a repository does not capture it.
      t.write(home .. '/outer/.ports.env', '')
      t.project(home .. '/outer/inner')
      t.open('src/web/server.js', '')
      t.equal(root(), home .. '/outer/inner', 'the repository')
      t.write(home .. '/outer/inner/src/.ports.env', '')
      t.equal(root(), home .. '/outer/inner/src', 'a project in the repository')
      t.open(home .. '/outer/other/server.js', '')
      t.equal(root(), home .. '/outer', 'a project that is no repository')
    end,
  },
  {
    'one server serves several roots',
    function()
      t.project(home .. '/one')
      t.open('server.js', 'app.listen(8079);')
      local first = t.wait_for_client()
      t.project(home .. '/two')
      t.open('server.js', 'app.listen(8078);')
      t.equal(t.wait_for_client().id, first.id, 'the client')
      t.wait_for_diagnostics({ 'hardcoded-port', 'missing-ports-env' })
      t.equal(#t.clients(), 1, 'clients')
      assert(vim.list_contains(folders(first), home .. '/one'), vim.inspect(folders(first)))
      assert(vim.list_contains(folders(first), home .. '/two'), vim.inspect(folders(first)))
    end,
  },
  {
    'a command may name a project of the second root',
    function()
      vim.cmd.PortManager('init')
      t.wait_for_message('two: WEB_PORT=8078')
      assert(vim.uv.fs_stat(home .. '/two/.ports.env'), 'no .ports.env')
    end,
  },
  {
    'a restarted server knows all roots',
    function()
      vim.cmd.PortManager('restart')
      local client = t.wait_for_client()
      t.wait_for('the roots', function()
        local known = folders(client)
        return vim.list_contains(known, home .. '/one') and vim.list_contains(known, home .. '/two')
      end)
      t.equal(#t.clients(), 1, 'clients')
    end,
  },
}

t.run(tests)
