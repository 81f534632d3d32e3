/** Asks central for its dearest answer and logs in at the broker, as often as they let it, and counts both. */
import { setTimeout as sleep } from 'node:timers/promises'
import mqtt from 'mqtt'

/** Browsers at once; more only wait for each other. */
const BROWSERS = 32
const LOGINS = 16

const [webUrl = '', mqttUrl = ''] = process.argv.slice(2)
const counts = { requests: 0, logins: 0 }

process.on('message', () => process.send?.(counts))
process.on('disconnect', () => process.exit(0))
for (let browser = 0; browser < BROWSERS; browser++) void again(ask)
for (let client = 0; client < LOGINS; client++) void again(logIn)

/** A refusal is an answer too, and it is asked again. */
async function again(act: () => Promise<void>): Promise<never> {
  for (;;) await act().catch(() => sleep(1))
}

async function ask(): Promise<void> {
  const response = await fetch(`${webUrl}/api/v1/events?limit=10000`)
  await response.arrayBuffer()
  counts.requests++
}

async function logIn(): Promise<void> {
  const client = await mqtt.connectAsync(mqttUrl, { reconnectPeriod: 0 })
  await client.endAsync(true)
  counts.logins++
}
