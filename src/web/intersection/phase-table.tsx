/** Each phase with its lamp, how long it shows it, what is certain of the rest, those on foot, and who calls. */
import { hasBit } from '#base/bits.ts'
import type { Geometry } from '#contract/api.ts'
import type { LiveState } from '#contract/messages.ts'
import type { IntersectionHistory } from '../live/bands.ts'
import { format, nameOf, text } from '../text/texts.ts'
import { LampInText } from './glyphs.tsx'
import { elapsedMs, remainingOf } from './remaining.ts'
import { headShown, pedestrianShown, walkLeads } from './shown.ts'

type PhaseFacts = Geometry['phases'][number]

export interface PhaseTableProps {
  readonly geometry: Geometry
  /** null: nothing is known, or not any more. */
  readonly state: LiveState | null
  readonly ageMs: number
  readonly history: IntersectionHistory
}

export function PhaseTable({ geometry, state, ageMs, history }: PhaseTableProps) {
  const t = text.value
  const columns = t.phaseColumns
  return (
    <section class="panel phases" aria-labelledby="phases-title">
      <h2 id="phases-title">{t.phases}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{columns.phase}</th>
            <th scope="col">{columns.state}</th>
            <th scope="col" class="number">
              {columns.since}
            </th>
            <th scope="col" class="number">
              {columns.left}
            </th>
            <th scope="col">{columns.pedestrian}</th>
            <th scope="col">{columns.calls}</th>
          </tr>
        </thead>
        <tbody>
          {geometry.phases.map((phase) => (
            <PhaseRow key={phase.id} geometry={geometry} phase={phase} state={state} ageMs={ageMs} history={history} />
          ))}
        </tbody>
      </table>
    </section>
  )
}

interface PhaseRowProps extends PhaseTableProps {
  readonly phase: PhaseFacts
}

function PhaseRow({ geometry, phase, state, ageMs, history }: PhaseRowProps) {
  const t = text.value
  const f = format.value
  const signal = state?.signal ?? null
  const lamp = headShown(state, { kind: 'vehicle', number: phase.id }, geometry)
  const left = state && remainingOf(state, phase, ageMs)
  return (
    <tr class={`phase-${lamp}`}>
      <th scope="row">
        <span class="phase-number">{f.number(phase.id)}</span> <span class="phase-name">{nameOf(phase.name)}</span>
      </th>
      <td class="phase-lamp">
        <LampInText lamp={lamp} /> {t.lamps[lamp]}
      </td>
      <td class="number">
        <bdi>{state && signal ? sinceWords(state, phase.id, ageMs, history) : t.dash}</bdi>
      </td>
      <td class="number">
        <bdi>{left ? (left.atLeast ? t.atLeast(f.seconds(left.ms)) : f.seconds(left.ms)) : t.dash}</bdi>
      </td>
      <td>{phase.hasPedestrians ? pedestrianWords(state, phase.id) : t.dash}</td>
      <td>{signal ? callWords(signal, phase.id) : t.dash}</td>
    </tr>
  )
}

/** As the controller counts it; for phases at rest since the change that was recorded or seen. */
function sinceWords(state: LiveState, phase: number, ageMs: number, history: IntersectionHistory): string {
  const t = text.value
  const f = format.value
  const elapsed = elapsedMs(state, phase, ageMs)
  if (elapsed !== null) return f.seconds(elapsed)
  const since = history.phases.get(phase)?.since()
  if (!since) return t.dash
  const seconds = f.seconds(Math.max(0, state.sampledAtEpochMs + ageMs - since.atEpochMs))
  return since.atLeast ? t.atLeast(seconds) : seconds
}

function pedestrianWords(state: LiveState | null, phase: number): string {
  const t = text.value
  const shown = pedestrianShown(state, phase)
  if (shown === 'unknown') return t.dash
  const leads = shown === 'walk' && state?.signal && walkLeads(state.signal, phase)
  return leads ? t.pedestrian.leads : t.pedestrian[shown]
}

function callWords(signal: NonNullable<LiveState['signal']>, phase: number): string {
  const t = text.value
  const words = [
    hasBit(signal.vehicleCalls, phase) && t.callVehicle,
    hasBit(signal.pedestrianCalls, phase) && t.callPedestrian,
    hasBit(signal.nexts, phase) && t.nextMark,
  ].filter((word) => word !== false)
  return words.join(' · ') || t.dash
}
