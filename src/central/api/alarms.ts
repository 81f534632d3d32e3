/** `GET /api/v1/alarms`: what is wrong at the cabinets, on the wires and with the edges' own logs, as the edges say. */
import { Type } from 'typebox'
import { AlarmsView } from '#contract/edge-words.ts'
import type { Api, ApiParts } from './parts.ts'
import { PROBLEM_RESPONSES } from './problems.ts'

export function alarmRoutes(api: Api, { alarms }: ApiParts): void {
  api.get(
    '/api/v1/alarms',
    {
      schema: {
        summary: 'All alarms that stand, by edge, with the time since when',
        tags: ['site'],
        response: { 200: Type.Array(AlarmsView), ...PROBLEM_RESPONSES },
      },
    },
    () =>
      alarms().map(({ edge, list }) => ({
        edge,
        at: list === null ? null : new Date(list.atEpochMs).toISOString(),
        alarms: list?.alarms ?? [],
      })),
  )
}
