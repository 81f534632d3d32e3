/** The description of what goes over MQTT: complete, true to the topics, and the file in `docs` is what the schemas make of it. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { asyncApiText } from '#contract/asyncapi.ts'
import { edgeTopics } from '#contract/topics.ts'

interface Described {
  readonly channels: Record<string, { address: string; messages: Record<string, { $ref: string }> }>
  readonly operations: Record<string, { action: string; channel: { $ref: string } }>
  readonly components: { messages: Record<string, { payload: { type?: string } }> }
}

const described = JSON.parse(asyncApiText()) as Described

test('the file in docs is what the schemas make of it', () => {
  expect(readFileSync(new URL('../../docs/asyncapi.json', import.meta.url), 'utf8')).toBe(asyncApiText())
})

test('every topic of an edge is described', () => {
  const topics = Object.values(edgeTopics('{site}', '{edge}')).map((topic) =>
    typeof topic === 'string' ? topic : (topic as (name: string) => string)('*'),
  )
  const addresses = Object.values(described.channels).map(({ address }) => address)
  const plain = (address: string): string => address.replace(/\{(intersection|alarm|command)\}/, '*')
  expect(addresses.map(plain).toSorted()).toEqual(topics.toSorted())
})

test('every channel has one operation and one message whose payload is an object', () => {
  for (const [name, { messages }] of Object.entries(described.channels)) {
    expect(Object.keys(messages)).toEqual([name])
    expect(described.components.messages[name]?.payload.type).toBe('object')
  }
  const operated = Object.values(described.operations).map(({ channel }) => channel.$ref)
  expect(operated.toSorted()).toEqual(
    Object.keys(described.channels)
      .map((name) => `#/channels/${name}`)
      .toSorted(),
  )
})
