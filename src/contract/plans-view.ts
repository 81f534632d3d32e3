/** `GET /api/v1/plans`: what each edge reports of the signed plans that it was brought. */
import Type from 'typebox'
import { PlanProgress } from './plan-bundle.ts'

const Moment = Type.String({ description: 'ISO 8601, UTC' })

export const PlansView = Type.Object({
  edge: Type.String(),
  /** When it said so; null where it has said nothing since central began: then nothing below is known. */
  at: Type.Union([Moment, Type.Null()]),
  /** The newest that is followed; null where none is. */
  accepted: Type.Union([
    Type.Object({
      version: Type.Integer(),
      note: Type.String(),
      /** `holder` is null where the site's `keys.yaml` does not have the key any more. */
      signedBy: Type.Array(Type.Object({ key: Type.String(), holder: Type.Union([Type.String(), Type.Null()]) })),
      validUntil: Moment,
    }),
    Type.Null(),
  ]),
  /** The last one that was not followed, and how many were not since the edge began. */
  refused: Type.Union([
    Type.Object({ code: Type.String(), detail: Type.String(), at: Moment, count: Type.Integer() }),
    Type.Null(),
  ]),
  intersections: Type.Array(PlanProgress),
})
export type PlansView = Type.Static<typeof PlansView>
