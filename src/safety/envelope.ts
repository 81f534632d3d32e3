/** The command envelope: pass or refuse, by name. It knows no strategy and is the only way to an output. */
import type { Bits } from '#base/bits.ts'
import type { SupervisoryCommand } from '#signal/command.ts'
import type { CommandLimits } from '#signal/database.ts'
import type { IntersectionView } from '#signal/view.ts'

export type Refusal =
  | { readonly code: 'IMAGE_NOT_FRESH' }
  | { readonly code: 'CABINET_NOT_AVAILABLE'; readonly controlStatus: string }
  | { readonly code: 'PHASE_UNKNOWN'; readonly phases: Bits }
  | { readonly code: 'PATTERN_NOT_ALLOWED'; readonly pattern: number }
  | {
      readonly code: 'GREEN_BELOW_MINIMUM'
      readonly phase: number
      readonly shownMs: number
      readonly minGreenMs: number
    }
  | { readonly code: 'HOLD_AND_FORCE_OFF'; readonly phases: Bits }
  | { readonly code: 'OMIT_NOT_ALLOWED'; readonly phases: Bits }

export type Verdict =
  | { readonly pass: true; readonly command: SupervisoryCommand }
  | { readonly pass: false; readonly refusal: Refusal }

export type CheckCommand = (limits: CommandLimits, view: IntersectionView, command: SupervisoryCommand) => Verdict
