/** Coordination plans by chance for a junction: splits that hold the minimums, and everything that says how a plan is run. */
import fc from 'fast-check'
import { patternId, phaseId, type PhaseId } from '#base/id.ts'
import { layOutPlan } from '#signal/coordination/plan-windows.ts'
import type { Intersection } from '#signal/intersection.ts'
import { layOut, type Layout } from '#signal/layout.ts'
import type { Phase } from '#signal/phase.ts'
import { PLAIN_PLAN, type PlanOptions, type SplitMode, type TimingPlan } from '#signal/timing-plan.ts'

const tenths = (least: number, most: number) => fc.integer({ min: least / 100, max: most / 100 }).map((n) => n * 100)

const seldom = <T>(plain: T, ...others: readonly T[]) =>
  fc.oneof({ arbitrary: fc.constant(plain), weight: 2 }, { arbitrary: fc.constantFrom(plain, ...others), weight: 1 })

const modes = fc.array(
  seldom<SplitMode>(
    'none',
    'minimumRecall',
    'maximumRecall',
    'pedestrianRecall',
    'maximumAndPedestrianRecall',
    'omitted',
  ),
  { minLength: 8, maxLength: 8 },
)

/** Without windows and actuated part, which depend on the splits. */
const options: fc.Arbitrary<PlanOptions> = fc.record({
  offsetReference: seldom<PlanOptions['offsetReference']>('barrier', 'startOfGreen', 'startOfYellow'),
  forceOff: seldom<PlanOptions['forceOff']>('fixed', 'floating'),
  permissiveMs: fc.constant(PLAIN_PLAN.permissiveMs),
  coordinatedActuatedMs: fc.constant(0),
  pedestrianOverrun: seldom<PlanOptions['pedestrianOverrun']>('serve', 'fit'),
  transition: fc.record({
    way: seldom<PlanOptions['transition']['way']>('shortest', 'add', 'subtract', 'dwell'),
    cyclesMost: fc.integer({ min: 1, max: 5 }),
  }),
  maximum: seldom<PlanOptions['maximum']>('inhibit', 'max1', 'max2'),
})

interface Service {
  readonly mode: SplitMode
  readonly onFoot: boolean
}

/** On the safe side of what a split must hold. */
function leastSplitMs({ timing: t }: Phase, { mode, onFoot }: Service, changeMs: number): number {
  if (mode === 'omitted') return 0
  const onFootMs = onFoot ? t.walkMs + t.pedClearMs : 0
  const leadMs = t.redAmberMs + (onFoot ? t.leadingPedMs : 0)
  return leadMs + Math.max(t.minGreenMs, t.maxInitialMs, onFootMs) + changeMs
}

/** Spare time goes to one phase of each ring and group, and the rings are equal at the barriers. */
export function planOf(site: Intersection, pattern: number): fc.Arbitrary<TimingPlan> {
  const barriers = [...new Set(site.phases.map(({ barrier }) => barrier))]
  const groups = barriers.map((barrier) => {
    const members = site.phases.filter((phase) => phase.barrier === barrier)
    return [...new Set(members.map(({ ring }) => ring))].map((ring) => members.filter((m) => m.ring === ring))
  })
  return fc
    .record({
      spares: fc.tuple(...groups.map(() => tenths(0, 20_000))),
      offsetShare: fc.double({ min: 0, max: 0.99, noNaN: true }),
      picks: fc.tuple(...groups.map(() => fc.nat())),
      coordinatedGroup: fc.nat({ max: groups.length - 1 }),
      coordinatedRings: fc.constantFrom(4, 4, 1),
      sequence: fc.constantFrom(...site.sequences.map(({ number }) => number)),
      modes,
      options,
      actuatedShare: fc.constantFrom(0, 0, 0.5, 1),
      permissiveShare: fc.oneof(
        { arbitrary: fc.constant(null), weight: 3 },
        { arbitrary: fc.double({ min: 0, max: 1, noNaN: true }), weight: 1 },
      ),
    })
    .map((drawn) => {
      const { picks, spares, coordinatedGroup } = drawn
      const picked = groups.map((byRing, group) => byRing.map((own) => own[picks[group]! % own.length]!))
      const coordinated = picked[coordinatedGroup]!.slice(0, drawn.coordinatedRings)
      const services = servicesOf(site, { ...drawn, mustServe: picked.flat() })
      const changeMs = Math.max(...site.phases.map(({ timing }) => timing.yellowMs + timing.redClearMs))
      const least = (phase: Phase) => leastSplitMs(phase, services.get(phase.id)!, changeMs)
      const groupsMs = groups.map((byRing, group) => spares[group]! + Math.max(...byRing.map((own) => sum(own, least))))
      const splitsMs = new Map(
        groups.flatMap((byRing, group) =>
          byRing.flatMap((own, ring) =>
            own.map((phase) => {
              const spareMs = phase === picked[group]![ring] ? groupsMs[group]! - sum(own, least) : 0
              return [phase.id, least(phase) + spareMs] as const
            }),
          ),
        ),
      )
      const cycleMs = sum(groupsMs, (ms) => ms)
      const spareMs = Math.min(...coordinated.map((phase) => splitsMs.get(phase.id)! - least(phase)))
      const drawnPlan: TimingPlan = {
        pattern: patternId(pattern),
        key: `plan_${pattern}`,
        cycleMs,
        offsetMs: Math.floor((cycleMs * drawn.offsetShare) / 100) * 100,
        splitsMs,
        splitModes: new Map([...services].map(([id, { mode }]) => [phaseId(id), mode])),
        coordinatedPhases: coordinated.map(({ id }) => id),
        sequence: drawn.sequence,
        options: {
          ...drawn.options,
          coordinatedActuatedMs: Math.floor((spareMs * drawn.actuatedShare) / 100) * 100,
        },
      }
      const windowed = picked[(coordinatedGroup + 1) % groups.length]![0]!
      return drawn.permissiveShare === null || coordinated.includes(windowed)
        ? drawnPlan
        : withWindow(drawnPlan, layOut(site), { phase: windowed.id, share: drawn.permissiveShare })
    })
}

/** An explicit window for one phase, between the begin of its turn and the last moment at which its minimum fits. */
function withWindow(
  of: TimingPlan,
  layout: Layout,
  { phase, share }: { readonly phase: PhaseId; readonly share: number },
): TimingPlan {
  const { windows } = layOutPlan({ ...of, options: { ...of.options, coordinatedActuatedMs: 0 } }, layout)
  const { startMs, latestMs } = windows[phase]!
  const permissiveMs = new Map([[phase, Math.floor(startMs + Math.max(0, latestMs - startMs) * share)]])
  return { ...of, options: { ...of.options, permissiveMs } }
}

/** What each phase serves in every cycle; phases that take the spare time are served. */
function servicesOf(
  { phases }: Intersection,
  { modes: drawn, options: { pedestrianOverrun }, mustServe }: DrawnService,
): Map<PhaseId, Service> {
  return new Map(
    phases.map((phase, index) => {
      const wanted = drawn[index % drawn.length]!
      const walks = phase.timing.walkMs > 0
      const possible = wanted === 'omitted' ? !mustServe.includes(phase) : walks || !ON_FOOT.includes(wanted)
      const mode = possible ? wanted : 'none'
      const onFoot = walks && (phase.pedestrianRecall || ON_FOOT.includes(mode) || pedestrianOverrun === 'fit')
      return [phase.id, { mode, onFoot }]
    }),
  )
}

interface DrawnService {
  readonly modes: readonly SplitMode[]
  readonly options: PlanOptions
  readonly mustServe: readonly Phase[]
}

const ON_FOOT: readonly SplitMode[] = ['pedestrianRecall', 'maximumAndPedestrianRecall']

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0)
