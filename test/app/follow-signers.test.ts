/** A changed list of keys is taken over by an edge that runs; one that is broken, or half copied, changes nothing. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { followSigners } from '#app/orders/follow-signers.ts'
import { runKeysRevoke, runKeysTrust } from '#app/orders/keys.ts'
import { publicHalf } from '#app/orders/sign-order.ts'
import { openTerminal } from '#app/terminal.ts'
import { keysFileOf, loadKeys } from '#config/keys-file.ts'
import { ALI, MARYAM } from '#test/support/signed-orders.ts'

const LOOK_MS = 20

let config: string
let stop: () => void
let followed: (readonly string[])[]
let said: string[]

beforeEach(() => {
  config = mkdtempSync(join(tmpdir(), 'sabz-keys-'))
  followed = []
  said = []
  stop = () => {}
})
afterEach(() => {
  stop()
  rmSync(config, { recursive: true })
})

const quiet = { ...openTerminal({ json: false, color: false }), print: () => {}, say: () => {} }
const trust = (key: typeof MARYAM, holder: string) =>
  runKeysTrust(publicHalf(key).toString('base64'), { config, holder, may: ['plan', 'command'] }, quiet)

async function begin() {
  const signers = await loadKeys(config)
  if (!signers.ok) throw new Error('it is a file of keys')
  stop = followSigners({
    ...{ config, signers: signers.value, lookMs: LOOK_MS },
    follow: (keys) => followed.push(keys.map(({ holder }) => holder)),
    log: (level, code, message) => said.push(`${level} ${code} ${message}`),
  })
}

test('who is trusted from now on counts within two looks, and who is not any more counts no longer', async () => {
  await begin()
  await trust(MARYAM, 'Maryam')
  await expect.poll(() => followed).toEqual([['Maryam']])
  await trust(ALI, 'Ali')
  await expect.poll(() => followed).toEqual([['Maryam'], ['Maryam', 'Ali']])
  const loaded = await loadKeys(config)
  const id = loaded.ok ? (loaded.value[0]?.id ?? '') : ''
  await runKeysRevoke(id, { config }, quiet)
  await expect.poll(() => followed.at(-1)).toEqual(['Ali'])
  expect(said.at(-1)).toMatch(new RegExp(`^info KEYS_FOLLOWED .*keys.yaml: no more ${id} \\(Maryam\\); 1 keys are`))
})

test('a file that is broken is named, and the keys from before go on counting until it is mended', async () => {
  await trust(MARYAM, 'Maryam')
  await begin()
  const sound = readFileSync(keysFileOf(config), 'utf8')
  writeFileSync(keysFileOf(config), sound.replace('plan', 'plann'))
  await expect.poll(() => said).toHaveLength(1)
  expect(said[0]).toMatch(
    /^error KEYS_NOT_FOLLOWED NOT_ALLOWED .*keys\.[0-9a-f]{16}\.may\.0: .* from before go on counting/,
  )
  expect(followed).toEqual([])
  writeFileSync(keysFileOf(config), sound.replace('Maryam', 'Maryam Rahimi'))
  await expect.poll(() => followed).toEqual([['Maryam Rahimi']])
})

test('a file that is gone trusts nobody, as at a start', async () => {
  await trust(MARYAM, 'Maryam')
  await begin()
  rmSync(keysFileOf(config))
  await expect.poll(() => followed).toEqual([[]])
})

test('a file that was only copied anew changes nothing and says nothing', async () => {
  await trust(MARYAM, 'Maryam')
  await begin()
  writeFileSync(keysFileOf(config), readFileSync(keysFileOf(config)))
  await new Promise((resolve) => setTimeout(resolve, 10 * LOOK_MS))
  expect([followed, said]).toEqual([[], []])
})

test('the file begins with the line by which an editor finds its schema, once, whoever is trusted or revoked', async () => {
  await trust(MARYAM, 'Maryam')
  await trust(ALI, 'Ali')
  const lines = readFileSync(keysFileOf(config), 'utf8').split('\n')
  expect(lines[0]).toMatch(/^# yaml-language-server: \$schema=(\.\.\/)+.*config\/schema\/keys\.schema\.json$/)
  expect(lines.filter((line) => line.startsWith('#'))).toHaveLength(1)
})
