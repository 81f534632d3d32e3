/** A broker that is taken away and given back: who was connected loses it, and finds it at the same place. */
import { createServer } from 'node:net'
import { once, type EventEmitter } from 'node:events'
import { connect } from 'mqtt'
import { expect, test } from 'vitest'
import { startBroker } from '#central/embedded-broker.ts'
import { SwitchedBroker } from '#central/switched-broker.ts'

test('a client loses it, and comes back by itself', async () => {
  const broker = new SwitchedBroker(await startBroker({ port: 0 }), () => {})
  const client = connect(broker.url, { reconnectPeriod: 50 })
  const events = client as unknown as EventEmitter // Its typings know no other listeners than its own.
  await once(events, 'connect')
  const lost = once(events, 'close')
  await broker.down()
  await lost
  const back = once(events, 'connect')
  await broker.up()
  await back
  await client.endAsync(true)
  await broker.down()
})

test('one whose port is taken meanwhile says so, and may be asked again', async () => {
  const said: string[] = []
  const broker = new SwitchedBroker(await startBroker({ port: 0 }), (detail) => said.push(detail))
  await broker.down()
  const squatter = createServer().listen(Number(new URL(broker.url).port), '127.0.0.1')
  await once(squatter, 'listening')
  await broker.up()
  expect(said).toEqual([expect.stringContaining('in use by another program')])
  await new Promise((resolve) => squatter.close(resolve))
  await broker.up()
  await broker.down()
  expect(said).toHaveLength(1)
})
