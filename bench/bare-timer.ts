/** A thread that does nothing but wake ten times a second on the same grid as the scan cycle: what the machine itself costs. */
import { parentPort } from 'node:worker_threads'
import { ScanCycle } from '#edge/scan-cycle.ts'

const cycle = new ScanCycle({ monoMs: () => performance.now(), epochMs: () => Date.now() }, [])
parentPort?.once('message', () => {
  cycle.stop()
  parentPort?.postMessage(cycle.stats())
})
await cycle.run()
