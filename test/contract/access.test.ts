/** The table of who may say and hear what, beside the topics that there are. */
import { expect, test } from 'vitest'
import { edgeAccess, SERVICE_NAMES, serviceAccess } from '#contract/access.ts'
import { centralSubscriptions, edgeTopics } from '#contract/topics.ts'

const SITE = 'hamadan'
const topics = edgeTopics(SITE, 'north')
/** Every topic below an edge's name. */
const ALL = Object.values(topics).map((topic) => (typeof topic === 'string' ? topic : topic('IX-01')))

const north = edgeAccess(SITE, 'north', ['south'])
const services = SERVICE_NAMES.map((name) => serviceAccess(SITE, name))

/** As MQTT 3.1.1 has it, section 4.7. */
function covers(filters: readonly string[], topic: string): boolean {
  return filters.some((filter) => {
    const pattern = filter.replaceAll('+', '[^/]+').replace(/\/#$/, '(/.*)?')
    return new RegExp(`^${pattern}$`).test(topic)
  })
}

test.each(ALL)('%s is said by one side and heard by the other', (topic) => {
  const isSaid = covers(north.says, topic)
  expect(covers(north.hears, topic)).toBe(!isSaid)
  const isOutlook = topic.includes('/outlook/')
  expect(services.some(({ says, hears }) => covers(isSaid ? hears : says, topic))).toBe(!isOutlook)
  // What one side says nobody says for it.
  expect(services.some(({ says }) => covers(says, topic))).toBe(!isSaid)
})

test('an edge may nothing in the name of another, but hear what its neighbours tell', () => {
  const other = edgeTopics(SITE, 'south')
  const others = Object.values(other).map((topic) => (typeof topic === 'string' ? topic : topic('IX-02')))
  expect(others.filter((topic) => covers(north.says, topic))).toEqual([])
  expect(others.filter((topic) => covers(north.hears, topic))).toEqual([other.outlook('IX-02')])
})

test('what central listens to it may hear', () => {
  const [ingest, live] = [serviceAccess(SITE, 'ingest'), serviceAccess(SITE, 'live')]
  const { batch, ...shown } = centralSubscriptions(SITE)
  expect(ingest.hears).toContain(batch)
  for (const filter of Object.values(shown)) expect(live.hears).toContain(filter)
})
