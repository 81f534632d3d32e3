/** One real cabinet, an edge that supervises it, and between the two a wire that a test can damage. */
import { actuated } from '#control/actuated.ts'
import { coordinated } from '#control/coordinated.ts'
import { queueCount } from '#control/queue-count.ts'
import { startEdge } from '#edge/edge.ts'
import { serveCabinet } from '#test/support/cabinet-on-wire.ts'
import { proxyTo } from '#test/support/tcp-proxy.ts'
import { testTelemetry } from '#test/support/test-telemetry.ts'

/** `profile`: of its controller. */
export async function superviseOverProxy(id: string, profile: string) {
  const cabinet = await serveCabinet(id, profile)
  const wire = await proxyTo(cabinet.ports.controller)
  const telemetry = testTelemetry()
  const edge = startEdge({
    intersections: [cabinet.toEdge({ controller: wire.port })],
    telemetry,
    strategies: [coordinated, actuated],
    queues: queueCount,
    clock: { monoMs: () => performance.now(), epochMs: () => Date.now() },
    log: () => {},
  })
  const stop = async (): Promise<void> => {
    await edge.stop()
    await wire.close()
    await cabinet.stop()
  }
  return { cabinet, wire, telemetry, stop }
}
