/** What may go wrong beside control: each is begun on a city that runs, and ended; its end says what it was. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openStore } from '#central/store/choice.ts'
import type { Need } from '#test/chaos/needs.ts'
import type { City } from './city.ts'

export interface Load {
  readonly name: LoadName
  readonly needs: readonly Need[]
  readonly onDrive?: true
  /** Central is away but for the load, and this comes to it then. */
  readonly drains?: true
  /** Resolves when it has begun; what it gives ends it, and says in words how great it was. */
  readonly begin: (city: City) => Promise<() => Promise<string>>
}

export const LOAD_NAMES = ['disk', 'flood', 'broker', 'store', 'drain'] as const
export type LoadName = (typeof LOAD_NAMES)[number]

const SERVICES = ['mosquitto', 'influxd'] as const
const FLOOD = fileURLToPath(new URL('flood.ts', import.meta.url))

export const LOADS: Readonly<Record<LoadName, Load>> = {
  disk: { name: 'disk', needs: [...SERVICES, 'fuse disk'], onDrive: true, begin: stallDisk },
  flood: { name: 'flood', needs: SERVICES, begin: flood },
  broker: { name: 'broker', needs: SERVICES, begin: ({ broker }) => killed(broker, 'broker') },
  store: { name: 'store', needs: SERVICES, begin: ({ influxd }) => killed(influxd, 'store') },
  drain: { name: 'drain', needs: SERVICES, drains: true, begin: drain },
}

/** A sync of our own is the witness of how long nobody was answered. */
async function stallDisk({ drive }: City): Promise<() => Promise<string>> {
  if (drive === null) throw new Error('the edge stands on no disk that can be stalled')
  const file = await open(join(drive.folder, 'witness'), 'a')
  await file.write('one')
  drive.stall()
  const begunMs = performance.now()
  const synced = file.sync().then(() => performance.now() - begunMs)
  return async () => {
    drive.goOn()
    const tookMs = await synced
    await file.close()
    return `a sync on the edge's disk took ${(tookMs / 1_000).toFixed(1)} s`
  }
}

async function flood({ webUrl, broker }: City): Promise<() => Promise<string>> {
  const process = fork(FLOOD, [webUrl, broker.url])
  await once(process, 'spawn')
  const begunMs = performance.now()
  return async () => {
    process.send('stop')
    const [{ requests, logins }] = (await once(process, 'message')) as [{ requests: number; logins: number }]
    process.kill()
    const each = (count: number) => ((count * 1_000) / (performance.now() - begunMs)).toFixed(0)
    return `${each(requests)} requests for 10,000 events and ${each(logins)} log-ins at the broker a second`
  }
}

interface Service {
  start(): Promise<void>
  kill(): Promise<void>
}

async function killed(service: Service, name: string): Promise<() => Promise<string>> {
  await service.kill()
  const begunMs = performance.now()
  return async () => {
    await service.start()
    return `the ${name} was dead for ${((performance.now() - begunMs) / 1_000).toFixed(1)} s`
  }
}

async function drain(city: City): Promise<() => Promise<string>> {
  const store = openStore({ kind: 'influx', url: city.influxd.url, database: 'sabz' }, '')
  const stored = async () => {
    const count = await store.count({ fromEpochMs: 0, toEpochMs: Date.now() + 60_000 })
    return count.ok ? count.value : 0
  }
  const before = await stored()
  await city.startCentral()
  return async () => {
    await city.stopCentral()
    const drained = (await stored()) - before
    await store.close()
    return `${drained} events came to central`
  }
}
