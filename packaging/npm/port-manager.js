#!/usr/bin/env node
// Starts the binary of this system, which a package of its own brings: npm installs the one that fits, and nothing runs
// while it is installed.
'use strict'

const { spawn } = require('child_process')
const { constants } = require('os')
const { name, optionalDependencies } = require('../package.json')

const NO_GLIBC = 'this Linux has no glibc, which the binary needs (Alpine, for one); build port-manager from its source'

function hasGlibc() {
  return process.platform !== 'linux' || process.report.getReport().header.glibcVersionRuntime !== undefined
}

function binary() {
  const system = `${process.platform}-${process.arch}`
  const wanted = `${name}-${system}`
  if (!(wanted in optionalDependencies)) {
    throw new Error(`there is no binary for ${system}; build port-manager from its source`)
  }
  try {
    return require.resolve(`${wanted}/port-manager${process.platform === 'win32' ? '.exe' : ''}`)
  } catch {
    // npm leaves the package out where its `libc` is another.
    if (!hasGlibc()) {
      throw new Error(NO_GLIBC)
    }
    throw new Error(
      `the package ${wanted}, which has the binary, is missing; install ${name} again, without --omit=optional or --no-optional`
    )
  }
}

function fail(error) {
  console.error(`port-manager: ${error.message}`)
  process.exit(2)
}

let path
try {
  path = binary()
} catch (error) {
  fail(error)
}

const child = spawn(path, process.argv.slice(2), { stdio: 'inherit' })
child.on('error', (error) => fail(error.code === 'ENOENT' && process.platform === 'linux' ? new Error(NO_GLIBC) : error))
// A terminal sends Ctrl+C to the binary as well, which decides what it means; what is sent to this process alone is passed on.
process.on('SIGINT', () => {})
for (const signal of ['SIGTERM', 'SIGHUP']) {
  process.on(signal, () => child.kill(signal))
}
child.on('exit', (code, signal) => process.exit(signal === null ? code : 128 + constants.signals[signal]))
