/** Ports for the demo: a port that is taken is seen, and all field ports move together. */
import { createServer, type AddressInfo, type Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { freeOffset, freePort, isFree } from '#app/free-port.ts'

const servers: Server[] = []
afterEach(() => Promise.all(servers.splice(0).map((server) => new Promise((done) => server.close(done)))))

async function takePort(port = 0): Promise<number> {
  const server = createServer()
  servers.push(server)
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

test('a port that somebody listens on is not free, and is free again afterwards', async () => {
  const port = await takePort()
  expect(await isFree(port)).toBe(false)
  await new Promise((done) => servers.pop()?.close(done))
  expect(await isFree(port)).toBe(true)
})

test('a port beyond 65535 is never free', async () => {
  expect(await isFree(65_536)).toBe(false)
})

test('one taken field port moves all of them by the next thousand', async () => {
  const taken = await takePort()
  const other = await freePort(0)
  const offset = await freeOffset([taken, other])
  expect(offset).toBeGreaterThan(0)
  expect(offset! % 1_000).toBe(0)
})

test('a wanted port that is taken is replaced by a free one', async () => {
  const taken = await takePort()
  const port = await freePort(taken)
  expect(port).not.toBe(taken)
  expect(await isFree(port)).toBe(true)
})
