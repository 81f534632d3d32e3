/** Central asks for patience with a backlog only while it is behind, and not with every batch. */
import { beforeEach, expect, test } from 'vitest'
import { Backpressure, THROTTLE_ABOVE_BATCHES } from '#central/backpressure.ts'

let said: string[]
let nowMs: number
let backpressure: Backpressure

beforeEach(() => {
  said = []
  nowMs = 0
  backpressure = new Backpressure(
    (edge, { backlogEventsPerS, forMs }) => said.push(`${edge} ${backlogEventsPerS}/s for ${forMs / 1_000} s`),
    () => nowMs,
  )
})

test('nobody is held back while ingest keeps up', () => {
  backpressure.heard('north', THROTTLE_ABOVE_BATCHES)
  expect(said).toEqual([])
})

test('whoever sends while ingest is behind is asked once, and again while it lasts', () => {
  for (nowMs = 0; nowMs <= 10_000; nowMs += 250) backpressure.heard('north', THROTTLE_ABOVE_BATCHES + 1)
  backpressure.heard('south', THROTTLE_ABOVE_BATCHES + 1)
  expect(said).toEqual([...Array.from({ length: 3 }, () => 'north 20/s for 10 s'), 'south 20/s for 10 s'])
})
