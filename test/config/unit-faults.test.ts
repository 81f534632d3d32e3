/** Units that no controller could run: each fault of `unit` in `network.yaml`, told with its exact sentence. */
import { expect, test } from 'vitest'
import { loadEdited, plant } from './planted.ts'

const AT = 'village/network.yaml intersections.V-1.unit'

test.each([
  ['UNIT_PHASE_UNKNOWN', 'start_phases: [7]', `${AT}.start_phases: there is no phase 7. Correct the number.`],
  [
    'UNIT_PHASES_CONFLICT',
    'flash_yellow_phases: [2, 4]',
    `${AT}.flash_yellow_phases: phases 2 and 4 must not run together. Keep those of one barrier group, at most one a ring.`,
  ],
])('%s is told with what it is about', async (code, unit, says) => {
  const loaded = await loadEdited('network.yaml', plant('    overlaps:', `    unit: { ${unit} }\n    overlaps:`))
  expect(loaded).toMatchObject({ ok: false, fault: [{ code, message: says }] })
})

test('what is said of the unit is taken over, in milliseconds', async () => {
  const unit =
    '{ startup_flash_s: 8, start_all_red_s: 4, start_phases: [2], flash_entry_phases: [4], flash_exit_phases: [1], flash_yellow_phases: [2, 6], min_flash_s: 2.5 }'
  const loaded = await loadEdited('network.yaml', plant('    overlaps:', `    unit: ${unit}\n    overlaps:`))
  expect(loaded.ok && loaded.value.intersections[0]?.database.unit).toEqual({
    startupFlashMs: 8_000,
    startAllRedMs: 4_000,
    startPhases: [2],
    flashEntryPhases: [4],
    flashExitPhases: [1],
    flashYellowPhases: [2, 6],
    minFlashMs: 2_500,
  })
})
