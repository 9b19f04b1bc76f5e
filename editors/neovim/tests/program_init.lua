-- What people have who want the tools of a project to come first.
vim.env.PATH = './node_modules/.bin:' .. vim.env.PATH
dofile(vim.env.TESTS .. '/init.lua')
