#!/usr/bin/env node
/** The door: starts the command line on the pinned Node 26, whatever Node (20 or newer) the machine has. Plain JavaScript for that reason. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'

const NODE_MAJOR = 26
const COMMAND_LINE = new URL('cli.ts', import.meta.url)

if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) {
  module.enableCompileCache()
  await import(COMMAND_LINE.href)
} else startOnPinnedNode()

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
