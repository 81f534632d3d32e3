/** What is wrong between the controller's outputs and the lamps: burnt out, short-circuited or stuck, by channel and colour. */
import { withBit, withoutBit, type Bits } from '#base/bits.ts'
import type { ChannelId } from '#base/id.ts'
import type { ChannelLamps } from './conflict-monitor/sample.ts'

export const LAMP_COLOURS = ['red', 'yellow', 'green'] as const
export type LampColour = (typeof LAMP_COLOURS)[number]

/** `on`: lit whatever the controller wants; `off`: dark whatever it wants; `sound`: as it wants. */
export type LampFault = 'on' | 'off' | 'sound'

interface Forced {
  on: Bits
  off: Bits
}

export class LampFaults {
  readonly #forced: Readonly<Record<LampColour, Forced>> = {
    red: { on: 0, off: 0 },
    yellow: { on: 0, off: 0 },
    green: { on: 0, off: 0 },
  }

  #none = true

  /** Every lamp does what the controller wants. */
  get none(): boolean {
    return this.#none
  }

  /** From the next step on, until it is set to something else. */
  set(channel: ChannelId, colour: LampColour, fault: LampFault): void {
    const forced = this.#forced[colour]
    forced.on = fault === 'on' ? withBit(forced.on, channel) : withoutBit(forced.on, channel)
    forced.off = fault === 'off' ? withBit(forced.off, channel) : withoutBit(forced.off, channel)
    this.#none = LAMP_COLOURS.every((each) => (this.#forced[each].on | this.#forced[each].off) === 0)
  }

  /** The lamps as the street sees them. */
  show(wanted: ChannelLamps): ChannelLamps {
    if (this.#none) return wanted
    const { reds, yellows, greens } = wanted
    const { red, yellow, green } = this.#forced
    return { reds: force(reds, red), yellows: force(yellows, yellow), greens: force(greens, green) }
  }
}

const force = (lit: Bits, { on, off }: Forced): Bits => ((lit | on) & ~off) >>> 0
