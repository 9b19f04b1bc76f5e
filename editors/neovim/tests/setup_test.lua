-- setup(): what it takes, what it says about the rest, and when it counts.
local t = dofile(vim.env.TESTS .. '/support.lua')
local manager = require('port-manager')
local options = require('port-manager.options')

t.project('shop')

local tests = {
  {
    'options that are given after the plugin was loaded count',
    function()
      t.open('server.js', 'app.listen(8079);')
      t.wait_for_diagnostics({ 'hardcoded-port' })
    end,
  },
  {
    'no options are fine',
    function()
      manager.setup()
      manager.setup({})
      t.equal(t.said, {}, 'messages')
    end,
  },
  {
    'settings that change are used at once',
    function()
      t.wait_for_diagnostics({ 'hardcoded-port', 'missing-ports-env' })
      manager.setup({ settings = { diagnostics = { enabled = false } } })
      t.wait_for_diagnostics({})
      manager.setup({ settings = { severities = { ['missing-ports-env'] = 'off' } } })
      t.wait_for_diagnostics({ 'hardcoded-port' })
    end,
  },
  {
    'an unknown option is named with the one that was meant',
    function()
      manager.setup({ cdm = { 'x' } })
      t.equal(t.said[#t.said], 'port-manager: there is no option cdm; did you mean cmd?', 'the message')
      manager.setup({ inlayHints = true })
      t.equal(t.said[#t.said], 'port-manager: there is no option inlayHints; did you mean inlay_hints?', 'the message')
      manager.setup({ colour = 'red' })
      t.has(
        t.said[#t.said],
        'there is no option colour; the options are cmd, code_lens, enabled, inlay_hints, settings'
      )
    end,
  },
  {
    'a value of the wrong kind is named, and the rest is used',
    function()
      manager.setup({ cmd = 'port-manager lsp', inlay_hints = true })
      t.has(t.said[#t.said], "cmd has to be a list of words, as { 'port-manager', 'lsp' }, but is \"port-manager lsp\"")
      t.equal(options.get().cmd, { 'port-manager', 'lsp' }, 'cmd')
      t.equal(options.get().inlay_hints, true, 'inlay_hints')
      manager.setup('fast')
      t.has(t.said[#t.said], 'the options have to be a table')
    end,
  },
  {
    'what setup is given counts before vim.g.port_manager',
    function()
      vim.g.port_manager = { inlay_hints = true, code_lens = true }
      manager.setup({ inlay_hints = false })
      t.equal(options.get().inlay_hints, false, 'inlay_hints')
      t.equal(options.get().code_lens, true, 'code_lens')
    end,
  },
  {
    'another program is started for another command line',
    function()
      manager.setup({ cmd = { vim.fn.exepath('port-manager'), 'lsp', '--quiet' } })
      t.wait_for('another client', function()
        local client = t.clients(vim.api.nvim_get_current_buf())[1]
        return client and client.initialized and client.config.cmd[3] == '--quiet'
      end)
      t.equal(#t.clients(), 1, 'clients')
    end,
  },
  {
    'the health report names what is wrong with the options',
    function()
      vim.g.port_manager = { enabeld = true }
      vim.cmd.checkhealth('port-manager')
      t.has(t.text(), 'there is no option enabeld; did you mean enabled?')
    end,
  },
  {
    'a program that is missing is said once, with where to look',
    function()
      vim.g.port_manager = nil
      t.said = {}
      manager.setup({ cmd = { '/no/port-manager', 'lsp' } })
      t.has(t.wait_for_message('there is no program "/no/port-manager"'), ':checkhealth port-manager')
      vim.cmd.checkhealth('port-manager')
      t.has(t.text(), 'there is no program "/no/port-manager"')
      t.has(t.text(), 'make install')
    end,
  },
}

t.run(tests)
