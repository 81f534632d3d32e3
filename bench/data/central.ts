/** Starts the ingest processes of a bench, waits until they listen, and keeps the most memory that each has had. */
import { fork, type ChildProcess } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface CentralPlace {
  readonly mqttUrl: string
  /** `embedded`, or the URL of InfluxDB. */
  readonly influxUrl: string
  readonly directory: string
  readonly workers: number
  readonly edges: readonly string[]
}

export interface RunningCentral {
  /** Of all workers together, in order of time, every half second. */
  readonly rssBytes: readonly number[]
  end(): void
}

const SCRIPT = fileURLToPath(new URL('./central-process.ts', import.meta.url))

export async function startWorkers(place: CentralPlace): Promise<RunningCentral> {
  mkdirSync(join(place.directory, 'store'), { recursive: true })
  const rssBytes: number[] = []
  const newest = new Map<ChildProcess, number>()
  const start = async (index: number): Promise<ChildProcess> => {
    const { mqttUrl, influxUrl, directory, workers, edges } = place
    const child = fork(SCRIPT, [mqttUrl, influxUrl, directory, String(index), String(workers), ...edges])
    const { promise, resolve } = Promise.withResolvers<void>()
    child.on('message', (message: { code?: string; rssBytes?: number }) => {
      if (message.code === 'BROKER_CONNECTED') resolve()
      if (message.rssBytes === undefined) return
      newest.set(child, message.rssBytes)
      if (index === 1) rssBytes.push([...newest.values()].reduce((sum, bytes) => sum + bytes, 0))
    })
    await promise
    return child
  }
  const children = await Promise.all(Array.from({ length: place.workers }, (_, index) => start(index + 1)))
  return { rssBytes, end: () => children.forEach((child) => child.kill()) }
}
