/** `sabz sumo` and `sabz import sumo` as a person types them, with what may be wrong with it. */
import { describe, expect, test } from 'vitest'
import { EXIT } from '#app/exit-code.ts'
import { runSabz } from '#test/support/sabz.ts'

describe('sabz sumo', () => {
  test.each([
    ['a scenario that is not there', ['--config', 'nowhere.sumocfg', '--strategy', 'fixed'], 'SCENARIO_NOT_A_FILE'],
    ['the folder of the site in its place', ['--strategy', 'fixed'], 'SCENARIO_NOT_A_FILE'],
    ['no strategy', ['--config', 'nowhere.sumocfg'], 'USAGE'],
    ['neighbours who are neither on nor off', ['--config', 'x', '--strategy', 'fixed', '--neighbours', 'far'], 'USAGE'],
    ['an end that is no number', ['--config', 'x', '--strategy', 'fixed', '--end', 'soon'], 'USAGE'],
  ])('refuses %s by name', async (_, args, code) => {
    const { code: exit, stdout } = await runSabz(['sumo', ...args, '--json'])
    expect(exit).toBe(EXIT.usage)
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { code } })
  })

  test('wants --json before the file for the report, and says where no window can be opened', async () => {
    const alone = await runSabz(['sumo', '--config', 'package.json', '--strategy', 'fixed', 'out.json'])
    expect([alone.code, alone.stderr]).toEqual([EXIT.usage, expect.stringContaining('Write --json')])
    const nowhere = { env: { DISPLAY: '', WAYLAND_DISPLAY: '' } }
    const gui = await runSabz(['sumo', '--config', 'package.json', '--strategy', 'fixed', '--gui'], nowhere)
    expect([gui.code, gui.stderr]).toEqual([EXIT.cannotReach, expect.stringContaining('no display')])
  })
})

test('sabz import sumo names the file that it cannot read', async () => {
  const { code, stdout } = await runSabz(['import', 'sumo', 'nowhere.net.xml', '--json'])
  expect(code).toBe(EXIT.invalidConfig)
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'NETWORK_UNREADABLE' } })
})
