/** Explains the faults of overlaps: kinds, modifiers, trailing times and the two sections of an arrow. */
import type { OverlapFault, OverlapTime } from '#signal/check/database-fault.ts'
import { inSeconds, inStreet, type Explanations } from './explain.ts'
import { KIND_WORDS } from './overlap-row.ts'

export const OVERLAP_EXPLANATIONS: Explanations<OverlapFault> = {
  OVERLAP_NUMBER_INVALID: ({ overlap, most }, origin) =>
    inStreet(origin, ['overlaps', overlap], `${overlap} is not 1 to ${most}. Renumber the overlap.`),
  OVERLAP_TWICE: ({ overlap }, origin) => inStreet(origin, ['overlaps', overlap], 'it stands twice. Remove one.'),
  OVERLAP_WITHOUT_PHASES: ({ overlap }, origin) =>
    inStreet(origin, ['overlaps', overlap, 'phases'], 'no phase lights it. Name one, or remove the overlap.'),
  OVERLAP_PHASE_UNKNOWN: ({ overlap, phase }, origin) =>
    inStreet(origin, ['overlaps', overlap, 'phases'], `there is no phase ${phase}. Name one that is under phases.`),
  OVERLAP_PHASE_WITHOUT_WALK: ({ overlap, phase }, origin) =>
    inStreet(
      origin,
      ['overlaps', overlap, 'phases'],
      `phase ${phase} has no walk for the crossing to go with. Give it walk_s and ped_clear_s, or take it out here.`,
    ),
  OVERLAP_MODIFIERS_MISSING: ({ overlap, kind }, origin) =>
    inStreet(
      origin,
      ['overlaps', overlap, 'modifiers'],
      kind === 'flashingYellowArrow'
        ? 'no phase turns the arrow green. Name the protected phases.'
        : 'there is nobody to give way to. Name the phases beside which it is red, or make it kind normal.',
    ),
  OVERLAP_MODIFIERS_UNUSED: ({ overlap, kind }, origin) =>
    inStreet(
      origin,
      ['overlaps', overlap, 'modifiers'],
      `kind ${KIND_WORDS[kind]} has no modifiers. Leave them out, or correct the kind.`,
    ),
  OVERLAP_MODIFIER_UNKNOWN: ({ overlap, phase }, origin) =>
    inStreet(origin, ['overlaps', overlap, 'modifiers'], `there is no phase ${phase}. Name one that is under phases.`),
  OVERLAP_MODIFIER_INCLUDED: ({ overlap, phase }, origin) =>
    inStreet(
      origin,
      ['overlaps', overlap, 'modifiers'],
      `phase ${phase} stands under phases too, where it says the opposite. Take it out of one of them.`,
    ),
  OVERLAP_TRAILING_UNUSED: ({ overlap, kind, time }, origin) =>
    inStreet(
      origin,
      ['overlaps', overlap, OVERLAP_TIME_KEYS[time]],
      `kind ${KIND_WORDS[kind]} ends with its phases. Leave ${OVERLAP_TIME_KEYS[time]} out.`,
    ),
  OVERLAP_TIME_OUT_OF_RANGE: ({ overlap, time, ms, leastMs, mostMs }, origin) =>
    inStreet(
      origin,
      ['overlaps', overlap, OVERLAP_TIME_KEYS[time]],
      `${inSeconds(ms)} is not ${inSeconds(leastMs)} to ${inSeconds(mostMs)}. Bring it into that range, or leave it out.`,
    ),
  OVERLAP_TIME_NOT_WHOLE_MS: ({ overlap, time, ms }, origin) =>
    inStreet(
      origin,
      ['overlaps', overlap, OVERLAP_TIME_KEYS[time]],
      `${inSeconds(ms)} is no whole number of milliseconds. Round it.`,
    ),
  ARROW_CHANNELS_UNPAIRED: ({ overlap, arrows, flashes }, origin) =>
    inStreet(
      origin,
      ['channels'],
      `the arrow of overlap ${overlap} has ${arrows} load switches \`overlap ${overlap}\` and ${flashes} \`flash ${overlap}\`. Give it as many of the one as of the other.`,
    ),
}

const OVERLAP_TIME_KEYS: Readonly<Record<OverlapTime, string>> = {
  trailingGreenMs: 'trailing_green_s',
  trailingYellowMs: 'trailing_yellow_s',
  trailingRedMs: 'trailing_red_s',
}
