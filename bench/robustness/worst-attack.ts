/** The worst lie that is found at one intersection, alone with the traffic that the city brings it: there a thousand can be tried. */
import type { IntersectionId } from '#base/id.ts'
import type { SiteConfig } from '#config/site.ts'
import { attackText } from './attack.ts'
import type { RunFigures } from './figures.ts'
import { liveThrough, type LiveStart, type PlacedAttack } from './live.ts'
import { searchAttack } from './search-attack.ts'

const MINUTE_MS = 60_000
/** Of one try: long enough for queues to stand, short enough for a thousand. */
const TRY = { warmUpMs: MINUTE_MS, measuredMs: 6 * MINUTE_MS, seed: 1 } as const
const TELL_EVERY = 10

export interface AttackWish extends Pick<LiveStart, 'site' | 'profiles' | 'strategies' | 'epochMs'> {
  readonly place: IntersectionId
  readonly tries: number
  /** Of the whole city, for what comes to each approach. */
  readonly city: Pick<RunFigures, 'throughputPerH'>
  readonly tell: (line: string) => void
}

export function worstAttack({ place, tries, city, tell, ...street }: AttackWish): PlacedAttack | null {
  const site = aloneWith(street.site, place, city)
  const delayUnder = (attack: PlacedAttack | null) => {
    const { report } = liveThrough({ ...street, ...TRY, site, neighbours: 'off', failures: [], attack })
    return report.places.at(-1)?.figures.totalDelayS ?? 0
  }
  tell(`${place} alone, nobody lies: ${delayUnder(null).toFixed(2)} s of delay`)
  const [worst] = searchAttack({
    detectors: site.intersections.flatMap(({ database }) => database.intersection.detectors),
    ...{ tries, seed: TRY.seed },
    weigh: (attack) => delayUnder({ place, attack }),
    onTry: (tried, { delayS }) => {
      if (tried % TELL_EVERY === 0) tell(`${tried} of ${tries} lies: the worst makes it ${delayS.toFixed(2)} s`)
    },
  })
  if (worst === undefined) return null
  tell(`the worst lie, ${worst.delayS.toFixed(2)} s: ${attackText(worst.attack)}`)
  return { place, attack: worst.attack }
}

/** What its neighbours sent it comes from outside now; a column of the demand that no plan asks for holds at every hour. */
export function aloneWith(
  site: SiteConfig,
  place: IntersectionId,
  { throughputPerH }: Pick<RunFigures, 'throughputPerH'>,
): SiteConfig {
  const own = site.intersections.filter(({ database }) => database.intersection.id === place)
  return {
    ...site,
    intersections: own.map((config) => ({
      ...config,
      demand: config.demand.map((row) => ({
        ...row,
        vehiclesPerHour: new Map([['measured', throughputPerH[`${place}.${row.approach}`] ?? 0]]),
      })),
    })),
  }
}
