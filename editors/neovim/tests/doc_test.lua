-- `:help port-manager`: complete, and without errors.
local t = dofile(vim.env.TESTS .. '/support.lua')

local directory = vim.env.PLUGIN .. '/doc'
local help = t.read(directory .. '/port-manager.txt')

local tests = {
  {
    'the tags in the repository are those of the help',
    function()
      local copy = vim.fn.tempname()
      vim.fn.mkdir(copy)
      t.write(copy .. '/port-manager.txt', help)
      vim.cmd.helptags(copy)
      t.equal(t.read(directory .. '/tags'), t.read(copy .. '/tags'), 'run `:helptags editors/neovim/doc`')
    end,
  },
  {
    'every link leads somewhere',
    function()
      for link in help:gmatch('|([^|%s]+)|') do
        local is_newer = link:find('^vim%.lsp%.config') and vim.fn.has('nvim-0.11') == 0
        assert(is_newer or pcall(vim.cmd.help, link), link)
      end
      vim.cmd.helpclose()
    end,
  },
  {
    'every subcommand and option is described',
    function()
      for _, subcommand in ipairs(require('port-manager.commands').all()) do
        t.has(help, ('*:PortManager-%s*'):format(subcommand.name))
        t.has(help, vim.trim((':PortManager %s %s'):format(subcommand.name, subcommand.arguments)) .. '\n')
      end
      for option in pairs(require('port-manager.options').get()) do
        assert(help:find('\n' .. option .. '  +%u'), option)
      end
    end,
  },
  {
    'no line is too long for a help window',
    function()
      for _, line in ipairs(vim.split(help, '\n')) do
        assert(vim.fn.strdisplaywidth(line) <= 78 or line:find('%*$'), line)
      end
    end,
  },
}

t.run(tests)
