/** Three network namespaces in a row, edge, hub and central, whose two wires can be torn, in one direction too, and narrowed. */
import { spawnSync } from 'node:child_process'

export type Place = 'edge' | 'hub' | 'central'
/** Of the two wires, each of which ends at the hub. */
export type Wire = 'edge' | 'central'
/** What is dropped at the hub's end of a wire. */
export type Tear = 'both' | 'to hub' | 'from hub'

/** Of documentation's own addresses (RFC 5737), behind no router. */
const NETWORK: Readonly<Record<Wire, string>> = { edge: '192.0.2', central: '198.51.100' }
const TABLE = ['inet', 'chaos'] as const

export class Namespaces {
  readonly #names: Readonly<Record<Place, string>>

  /** @throws when the machine refuses. `id` keeps two runs apart. */
  constructor(id: number) {
    this.#names = { edge: `chaos-edge-${id}`, hub: `chaos-hub-${id}`, central: `chaos-central-${id}` }
    try {
      this.#build()
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** As those on a wire see it. */
  hubAddress(wire: Wire): string {
    return `${NETWORK[wire]}.1`
  }

  /** The command that runs another one there. */
  inside(place: Place): string[] {
    return ['ip', 'netns', 'exec', this.#names[place]]
  }

  tear(wire: Wire, tear: Tear): void {
    if (tear !== 'from hub') this.#filter('add', 'rule', ...TABLE, 'in', 'iifname', `to-${wire}`, 'drop')
    if (tear !== 'to hub') this.#filter('add', 'rule', ...TABLE, 'out', 'oifname', `to-${wire}`, 'drop')
  }

  /** Both wires carry everything again. */
  mend(): void {
    for (const chain of ['in', 'out']) this.#filter('flush', 'chain', ...TABLE, chain)
  }

  /** What a wire carries from its far end to the hub; null: all. */
  narrow(wire: Wire, kilobitsPerS: number | null): void {
    const [there, device] = [this.inside(wire), ['dev', 'to-hub', 'root']]
    if (kilobitsPerS === null) run(...there, 'tc', 'qdisc', 'del', ...device)
    else
      run(
        ...there,
        'tc',
        'qdisc',
        'replace',
        ...device,
        'tbf',
        'rate',
        `${kilobitsPerS}kbit`,
        'burst',
        '8kb',
        'latency',
        '400ms',
      )
  }

  close(): void {
    for (const name of Object.values(this.#names)) spawnSync('ip', ['netns', 'delete', name])
  }

  #build(): void {
    for (const place of ['edge', 'hub', 'central'] as const) {
      run('ip', 'netns', 'add', this.#names[place])
      run(...this.inside(place), 'ip', 'link', 'set', 'lo', 'up')
    }
    for (const wire of ['edge', 'central'] as const) {
      const ends = { far: ['to-hub', this.#names[wire]], near: [`to-${wire}`, this.#names.hub] } as const
      run(
        'ip',
        'link',
        'add',
        ends.far[0],
        'netns',
        ends.far[1],
        'type',
        'veth',
        'peer',
        'name',
        ends.near[0],
        'netns',
        ends.near[1],
      )
      for (const [host, [device, name]] of [
        [2, ends.far],
        [1, ends.near],
      ] as const) {
        run('ip', '-n', name, 'address', 'add', `${NETWORK[wire]}.${host}/24`, 'dev', device)
        run('ip', '-n', name, 'link', 'set', device, 'up')
      }
    }
    this.#filter('add', 'table', ...TABLE)
    this.#filter('add', 'chain', ...TABLE, 'in', '{ type filter hook input priority 0; }')
    this.#filter('add', 'chain', ...TABLE, 'out', '{ type filter hook output priority 0; }')
  }

  #filter(...args: string[]): void {
    run(...this.inside('hub'), 'nft', ...args)
  }
}

function run(...command: string[]): void {
  const [program = '', ...args] = command
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command.join(' ')}: ${error?.message ?? stderr.trim()}`)
}
