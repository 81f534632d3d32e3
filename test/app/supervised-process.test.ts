/** A part of the demo that dies comes back, says so, and ends when it is told to, even when it does not want to. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SupervisedProcess } from '#app/supervised-process.ts'

let folder: string
let said: string[]
let running: SupervisedProcess[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sabz-supervised-'))
  said = []
  running = []
})
afterEach(async () => {
  await Promise.all(running.map((process) => process.stop()))
  rmSync(folder, { recursive: true })
})

function supervise(script: string): SupervisedProcess {
  const file = join(folder, 'part.mjs')
  writeFileSync(file, script)
  const logFile = join(folder, 'part.log')
  const part = new SupervisedProcess({ name: 'part', arguments: [file], logFile, say: (line) => said.push(line) })
  running.push(part)
  return part
}

const STANDS = "console.log('here'); process.send({ type: 'ready' }); setInterval(() => {}, 1000)"

test('a part that is killed with -9 comes back under a new process id, and both are said', async () => {
  const part = supervise(STANDS)
  await part.ready()
  const first = part.pid
  process.kill(first!, 'SIGKILL')
  await expect.poll(() => said.length, { timeout: 10_000 }).toBe(2)
  expect(said[0]).toMatch(/^part ended \(SIGKILL\); it starts again in 0.25 s/)
  expect(said[1]).toBe('part is back')
  expect(part.pid).not.toBe(first)
})

test('a part that cannot start is tried again ever more slowly', async () => {
  supervise('process.exit(7)')
  await expect.poll(() => said.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(3)
  expect(said.slice(0, 3).map((line) => /exit code 7.*in ([\d.]+) s/.exec(line)?.[1])).toEqual(['0.25', '0.5', '1'])
})

test('a part that will not end is ended', async () => {
  const part = supervise(`process.on('SIGTERM', () => {}); ${STANDS}`)
  await part.ready()
  await part.stop()
  expect(part.pid).toBeNull()
  expect(said).toEqual([])
})

test('what a part prints is kept in its log', async () => {
  const part = supervise(STANDS)
  await part.ready()
  await part.stop()
  expect(readFileSync(join(folder, 'part.log'), 'utf8')).toBe('here\n')
})
