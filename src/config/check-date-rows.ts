/** Checks that each row of `dates` says its days once: one day, or where a range begins and ends. */
import type { ConfigFault } from './config-fault.ts'
import type { SiteFiles } from './site-files.ts'

export const checkDateRows = ({ schedule, at }: SiteFiles): ConfigFault[] =>
  Object.entries(schedule.dates ?? {}).flatMap(([key, { on, from, to }]) => {
    const oneDay = on !== undefined && from === undefined && to === undefined
    const range = on === undefined && from !== undefined && to !== undefined
    if (oneDay || range) return []
    const says = 'its days are not clear. Write on: for one day, or from: and to: for several.'
    return [at.schedule('DATE_ROW_UNCLEAR', ['dates', key], says)]
  })
