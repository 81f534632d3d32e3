#!/usr/bin/env node
/** The door: starts the command line on the pinned Node 26, whatever Node (20 or newer) the machine has. Plain JavaScript for that reason. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { constants } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const NODE_MAJOR = 26
const COMMAND_LINE = new URL('cli.ts', import.meta.url)

if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) {
  keepCompiledCode()
  await import(COMMAND_LINE.href)
} else startOnPinnedNode()

/** Code is run out of this folder: nobody else may write there, and it outlives a power cut, as the folder of Node's own choice may not. */
function keepCompiledCode() {
  const caches = process.env.XDG_CACHE_HOME ?? (process.env.HOME && join(process.env.HOME, '.cache'))
  if (!caches) return
  module.enableCompileCache(join(caches, 'sabz'))
  // Threads look for it here and nowhere else; so do the processes of a demo.
  process.env.NODE_COMPILE_CACHE ??= join(caches, 'sabz')
}

function startOnPinnedNode() {
  const node = pinnedNode()
  if (node === null) {
    console.error(`error: sabz runs on Node ${NODE_MAJOR}, this is ${process.versions.node}.`)
    console.error(`       npm ci in the checkout brings the right one; or install Node ${NODE_MAJOR} or newer.`)
    process.exit(1)
  }
  // The channel lets the inner process notice when this one is killed; signals of a terminal reach both by themselves.
  const inner = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => inner.kill(signal))
  inner.on('exit', (code, signal) => process.exit(signal === null ? code : 128 + constants.signals[signal]))
}

/** The binary of the `node` package beside the checkout, or above it when installed as a dependency; null when absent. */
function pinnedNode() {
  const folders = ['../../node_modules', '../../..']
  const paths = folders.map((folder) => fileURLToPath(new URL(`${folder}/node/bin/node`, import.meta.url)))
  return paths.find((path) => existsSync(path)) ?? null
}
