/** The simulator as a technician runs it: what he types acts on the cabinets while they run. */
import { expect, test } from 'vitest'
import { startSabz } from '#test/support/sabz.ts'

test('lines are answered while the city runs, and it runs on when there are no more', async () => {
  const input = ['IX-04 preempt 1 on', 'IX-04 preempt 2 on', 'IX-99 door open', ''].join('\n')
  const sim = startSabz(['sim', '--port-offset', '36000'], { input })
  await sim.waitFor(/there is no IX-99/)
  expect(sim.output().stdout.split('\n').slice(0, 2)).toEqual([
    'IX-04: preempt 1 on',
    'IX-04 preempt <number> on|off: there are 1 Fire station',
  ])
  expect(sim.child.exitCode).toBeNull()
  sim.child.kill('SIGTERM')
  expect((await sim.finished).code).toBe(0)
})
