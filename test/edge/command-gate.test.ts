/** The gate in front of a cabinet that keeps its own lease: what passes, what is refused, and what a zombie can do. */
import { beforeEach, describe, expect, test } from 'vitest'
import { bit } from '#base/bits.ts'
import type { PointName } from '#devices/points.ts'
import type { DeviceResult } from '#devices/device.ts'
import { CommandGate } from '#edge/command-gate.ts'
import type { LinkResult } from '#edge/device-link.ts'
import { LEASE_MS } from '#edge/lease.ts'
import { Supervision } from '#sim/cabinet/supervision.ts'
import { commandOf, LIMITS, LOCAL_UNIT, viewOf } from '#test/support/boulevard-crossing.ts'

const CYCLE_MS = 80_000

/** Virtual time, the cabinet's own side of the lease, and what arrived there. */
let nowMonoMs: number
let supervision: Supervision
let received: ReadonlyMap<PointName, number>[]
/** What becomes of the next writes on the wire. */
let wire: 'good' | 'lost'

beforeEach(() => {
  nowMonoMs = 0
  supervision = new Supervision(LIMITS, 41)
  received = []
  wire = 'good'
})

/** `monoMs`: the clock of its machine; a machine that is paused whole does not even notice. */
function newGate(monoMs = () => nowMonoMs): CommandGate {
  const port = {
    write: async (values: ReadonlyMap<PointName, number>): Promise<DeviceResult<void>> => {
      if (wire === 'lost') return { ok: false, fault: { code: 'TIMED_OUT', afterMs: 200 } }
      received.push(values)
      const refusal = supervision.obey(values)
      if (refusal === 'none') return { ok: true, value: undefined }
      return { ok: false, fault: { code: 'REFUSED_BY_DEVICE', protocolCode: 3, detail: refusal } }
    },
  }
  /** The line is free at once. */
  const send = async (latestMonoMs: number, request: () => Promise<DeviceResult<void>>): Promise<LinkResult> =>
    monoMs() > latestMonoMs ? { ok: false, fault: { code: 'TOO_LATE' } } : request()
  return new CommandGate({ limits: LIMITS, port, send, monoMs })
}

function pass(ms: number): void {
  nowMonoMs += ms
  supervision.age(ms, CYCLE_MS)
}

/** The street as the cabinet reports it now. */
const view = () => {
  const { lease, controlStatus, refusedCode } = supervision
  const unit = {
    ...LOCAL_UNIT,
    controlStatus,
    leaseEpoch: lease.epoch,
    leaseSequence: lease.sequence,
    leaseRemainingMs: lease.remainingMs,
    localCyclesSinceLease: lease.localCycles,
    refusedCommandCode: refusedCode,
  }
  return viewOf({ unit, nowMonoMs, nowEpochMs: 1_000 })
}

/** One tick: judge, and submit and write unless something speaks against it. */
async function tick(gate: CommandGate, command = commandOf()) {
  const blocker = gate.judge(view().unit, nowMonoMs)
  const refusal = blocker ? null : gate.submit(view(), command)
  await gate.flush()
  return blocker?.code ?? refusal?.code ?? null
}

test('each write carries the whole control group, one epoch, the next sequence and a lease', async () => {
  const gate = newGate()
  await tick(gate, commandOf({ vehicleCall: bit(4) }))
  pass(100)
  await tick(gate)
  expect(Object.fromEntries(received[0] ?? [])).toEqual({
    'control.epoch': 42,
    'control.sequence': 1,
    'control.leaseMs': LEASE_MS,
    'control.pattern': 3,
    'control.hold': 0,
    'control.forceOff': 0,
    'control.phaseOmit': 0,
    'control.pedestrianOmit': 0,
    'control.vehicleCall': bit(4),
    'control.pedestrianCall': 0,
    'control.preempt': 0,
    'control.priority': 0,
  })
  expect(received[1]?.get('control.epoch')).toBe(42)
  expect(received[1]?.get('control.sequence')).toBe(2)
  expect(supervision.controlStatus).toBe('supervised')
})

describe('nothing reaches the wire', () => {
  test('of a command that the envelope refuses, and the lease runs on without it', async () => {
    const gate = newGate()
    await tick(gate)
    pass(100)
    expect(await tick(gate, commandOf({ phaseOmit: bit(2) }))).toBe('OMIT_NOT_ALLOWED')
    expect(received).toHaveLength(1)
    expect(supervision.lease.remainingMs).toBe(LEASE_MS - 100)
  })

  test('of a tick that broke off before its write: what it had submitted is dropped in the next', async () => {
    const gate = newGate()
    gate.judge(view().unit, nowMonoMs)
    gate.submit(view(), commandOf({ vehicleCall: bit(4) }))
    pass(100)
    gate.judge(view().unit, nowMonoMs)
    expect(await gate.flush()).toBeNull()
    expect(received).toEqual([])
  })

  test('after a release, until a new command passes', async () => {
    const gate = newGate()
    await tick(gate)
    gate.submit(view(), commandOf())
    gate.release()
    expect(await gate.flush()).toBeNull()
  })

  test('twice of one command', async () => {
    const gate = newGate()
    await tick(gate)
    expect(await gate.flush()).toBeNull()
  })
})

test('a sequence whose answer was lost is never sent again', async () => {
  const gate = newGate()
  await tick(gate)
  wire = 'lost'
  pass(100)
  await tick(gate)
  wire = 'good'
  pass(100)
  await tick(gate)
  expect(received.map((values) => values.get('control.sequence'))).toEqual([1, 3])
})

test('when no write arrives for longer than the lease, the next supervision has a newer epoch and waits for a local cycle', async () => {
  const gate = newGate()
  await tick(gate)
  wire = 'lost'
  for (let ms = 0; ms <= LEASE_MS; ms += 100) {
    pass(100)
    await tick(gate)
  }
  wire = 'good'
  expect(supervision.controlStatus).toBe('local')
  expect(await tick(gate)).toBe('LOCAL_CYCLE_FIRST')
  pass(CYCLE_MS)
  expect(await tick(gate)).toBeNull()
  expect(received.at(-1)?.get('control.epoch')).toBe(43)
  expect(received.at(-1)?.get('control.sequence')).toBe(1)
})

test('of two that chose one epoch at the same look, the one refused writes no more, though the other is late with its next', async () => {
  const [first, second] = [newGate(), newGate()]
  for (const gate of [first, second]) {
    gate.judge(view().unit, nowMonoMs)
    gate.submit(view(), commandOf())
  }
  expect((await first.flush())?.ok).toBe(true)
  expect(await second.flush()).toMatchObject({ ok: false, fault: { detail: 'staleSequence' } })
  pass(100)
  expect(await tick(second)).toBe('LEASE_HELD_BY_ANOTHER')
  expect(received).toHaveLength(2)
  pass(100)
  expect(await tick(first)).toBeNull()
})

describe('a zombie: an edge that stood still between deciding and writing', () => {
  /** Has decided to call phase 4, and then stands still until its lease has run out. */
  async function zombieAfter(monoMs?: () => number): Promise<CommandGate> {
    const zombie = newGate(monoMs)
    await tick(zombie)
    pass(100)
    zombie.judge(view().unit, nowMonoMs)
    zombie.submit(view(), commandOf({ vehicleCall: bit(4) }))
    pass(LEASE_MS)
    return zombie
  }

  test.each([
    [200, true],
    [201, false],
  ])('writes what it decided %d ms ago: %s', async (standstillMs, writes) => {
    const gate = newGate()
    gate.judge(view().unit, nowMonoMs)
    gate.submit(view(), commandOf())
    pass(standstillMs)
    expect((await gate.flush())?.ok).toBe(writes)
  })

  test('drops what it had decided when it wakes', async () => {
    const zombie = await zombieAfter()
    expect(await zombie.flush()).toEqual({ ok: false, fault: { code: 'TOO_LATE' } })
    expect(received).toHaveLength(1)
  })

  test('whose clock stood still too has no effect: the cabinet has closed its epoch', async () => {
    const zombie = await zombieAfter(() => 100)
    expect(await zombie.flush()).toMatchObject({ ok: false, fault: { detail: 'staleEpoch' } })
    expect(supervision.command).toBeNull()
  })

  test('does not disturb the edge that has taken over, and stands back from it', async () => {
    const zombie = await zombieAfter(() => 100)
    pass(CYCLE_MS)
    const successor = newGate()
    await tick(successor)
    await zombie.flush()
    expect(supervision.lease.epoch).toBe(43)
    expect(supervision.command?.vehicleCall).toBe(0)
    pass(100)
    expect(await tick(zombie)).toBe('LEASE_LOST')
    expect(await tick(zombie)).toBe('LEASE_HELD_BY_ANOTHER')
    expect(await tick(successor)).toBeNull()
  })
})
