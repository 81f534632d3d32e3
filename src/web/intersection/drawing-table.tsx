/** The drawing for those who do not see it: each lane and crosswalk as a row of a hidden table. */
import type { Geometry } from '#contract/api.ts'
import type { LiveState } from '#contract/messages.ts'
import { faultWords } from '../text/cabinet.ts'
import { format, isolate, nameOf, text } from '../text/texts.ts'
import { detectorShown, headShown, pedestrianShown, queueOf } from './shown.ts'

interface DrawingTableProps {
  readonly geometry: Geometry
  readonly state: LiveState | null
}

/** Written at most twice a second: a reader must be able to finish a row. */
export function DrawingTable({ geometry, state }: DrawingTableProps) {
  const t = text.value
  const columns = t.tableColumns
  return (
    <div class="unseen">
      <table>
        <caption>{t.tableCaption}</caption>
        <thead>
          <tr>
            {Object.values(columns).map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {geometry.approaches.flatMap((approach) => [
            ...approach.lanes.map((lane) => (
              <LaneRow key={lane.id} geometry={geometry} approach={approach} lane={lane} state={state} />
            )),
            approach.crosswalk && <CrosswalkRow key={`${approach.id} crosswalk`} approach={approach} state={state} />,
          ])}
        </tbody>
      </table>
    </div>
  )
}

type ApproachFacts = Geometry['approaches'][number]

interface LaneRowProps extends DrawingTableProps {
  readonly approach: ApproachFacts
  readonly lane: ApproachFacts['lanes'][number]
}

function LaneRow({ geometry, approach, lane, state }: LaneRowProps) {
  const t = text.value
  const f = format.value
  const turns: Readonly<Record<string, string>> = t.turns
  const detectors = geometry.detectors.filter(({ lanes }) => lanes.includes(lane.id))
  const { kind, number } = lane.head
  return (
    <tr>
      <th scope="row">
        {nameOf(approach.name)} {isolate(lane.id)}
      </th>
      <td>{lane.turns.map((turn) => turns[turn] ?? turn).join(' ')}</td>
      <td>{(kind === 'overlap' ? t.headOverlap : t.headVehicle)(f.number(number))}</td>
      <td>{t.lamps[headShown(state, lane.head, geometry)]}</td>
      <td>{state ? t.vehicles(f.number(queueOf(state, lane.id))) : t.dash}</td>
      <td>
        {state
          ? detectors.map(({ id }) => `${f.number(id)} ${detectorWords(state.detectors, id)}`).join(' · ')
          : t.dash}
      </td>
    </tr>
  )
}

function detectorWords(detectors: LiveState['detectors'], id: number): string {
  const faults = detectors.find((each) => each.id === id)?.faults
  return faults === undefined ? text.value.detectorStates[detectorShown(detectors, id)] : faultWords(faults)
}

function CrosswalkRow({ approach, state }: { readonly approach: ApproachFacts; readonly state: LiveState | null }) {
  const t = text.value
  if (!approach.crosswalk) return null
  const { number } = approach.crosswalk
  const shown = pedestrianShown(state, number)
  return (
    <tr>
      <th scope="row">
        {nameOf(approach.name)} {t.crosswalk}
      </th>
      <td>{t.dash}</td>
      <td>{t.headPedestrian(format.value.number(number))}</td>
      <td>{shown === 'unknown' ? t.dash : t.pedestrian[shown]}</td>
      <td>{t.dash}</td>
      <td>{t.dash}</td>
    </tr>
  )
}
