/** A process that does nothing but wake ten times a second on the same grid as the scan cycle: what the machine itself costs. */
import { claimPriority } from '#app/priority.ts'
import { ScanCycle } from '#edge/scan-cycle.ts'

claimPriority()
const cycle = new ScanCycle({ monoMs: () => performance.now(), epochMs: () => Date.now() }, [])
process.on('message', (word) => {
  process.send?.(cycle.stats())
  cycle.resetStats()
  if (word !== 'stop') return
  cycle.stop()
  process.disconnect?.()
})
await cycle.run()
