/** The lamps of a cabinet as letters for SUMO, one a link: who has priority and who yields stays as the network's program says. */
import { hasBit } from '#base/bits.ts'
import type { SignalStatus } from '#signal/status.ts'
import type { DerivedLight } from '../derive/derive-lights.ts'
import { isGreen } from '../derive/stages.ts'

type Shown = Pick<
  SignalStatus,
  'channelReds' | 'channelYellows' | 'channelGreens' | 'greens' | 'phaseOns' | 'phaseNexts' | 'flash'
>

/** A link's lamps: its channel, or none where it is never green. */
interface Link {
  readonly channel: number | null
  readonly onFoot: boolean
  /** By stage. */
  readonly letters: string
}

export class LampLetters {
  readonly #links: readonly Link[]
  readonly #stages: number

  constructor({ stages, groups }: Pick<DerivedLight, 'stages' | 'groups'>) {
    const group = new Map(groups.flatMap(({ links, onFoot }, index) => links.map((link) => [link, { index, onFoot }])))
    this.#stages = stages.length
    this.#links = Array.from({ length: stages[0]?.state.length ?? 0 }, (_, link) => ({
      channel: (group.get(link)?.index ?? -1) + 1 || null,
      onFoot: group.get(link)?.onFoot ?? false,
      letters: stages.map(({ state }) => state[link] ?? 'r').join(''),
    }))
  }

  /** `flashes`: the lamps are the flasher's, and everybody finds his own way. */
  read(status: Shown, flashes: boolean): string {
    if (flashes) return 'o'.repeat(this.#links.length)
    const now = this.#stagesIn(status.phaseOns)
    const next = this.#stagesIn(status.phaseNexts)
    const inGreen = this.#stagesIn(status.greens)
    return this.#links.map((link) => letterOf(link, status, { now, next, inGreen })).join('')
  }

  #stagesIn(bits: number): readonly number[] {
    return Array.from({ length: this.#stages }, (_, stage) => stage).filter((stage) => hasBit(bits, stage + 1))
  }
}

interface Stages {
  readonly now: readonly number[]
  readonly next: readonly number[]
  readonly inGreen: readonly number[]
}

function letterOf({ channel, onFoot, letters }: Link, status: Shown, { now, next, inGreen }: Stages): string {
  if (channel !== null && hasBit(status.channelGreens, channel)) {
    // Between two stages that both let it go it keeps the weaker of its rights.
    const stages = inGreen.length > 0 ? inGreen : [...now, ...next]
    const shown = stages.map((stage) => letters[stage]).filter((letter) => letter !== undefined && isGreen(letter))
    return shown.length > 0 && shown.every((letter) => letter === 'G') ? 'G' : 'g'
  }
  // Who has begun to walk goes on; nobody else begins: to those who drive and walk in SUMO that is red.
  if (onFoot) return 'r'
  const yellow = channel !== null && hasBit(status.channelYellows, channel)
  if (yellow) return hasBit(status.channelReds, channel) ? 'u' : 'y'
  const [resting] = now.map((stage) => letters[stage])
  return resting === 's' || (channel === null && (resting === 'o' || resting === 'O')) ? resting : 'r'
}
