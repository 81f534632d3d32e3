/** Branded identities: a phase is never taken for a ring, a detector never for a phase. */

export type Brand<T, Name extends string> = T & { readonly __brand: Name }

/** NTCIP 1202 phase number, 1–32; bit `id - 1` of every phase bit field. */
export type PhaseId = Brand<number, 'PhaseId'>
/** Ring number, 1–4. */
export type RingId = Brand<number, 'RingId'>
/** Overlap number, 1–32; bit `id - 1` of every overlap bit field. */
export type OverlapId = Brand<number, 'OverlapId'>
/** Load-switch channel number, 1–32; bit `id - 1` of every channel bit field. */
export type ChannelId = Brand<number, 'ChannelId'>
/** Vehicle detector channel of an intersection, 1–64. */
export type DetectorId = Brand<number, 'DetectorId'>
/** Coordination pattern: 1–253 a timing plan, see `pattern.ts` of `signal` for the reserved numbers. */
export type PatternId = Brand<number, 'PatternId'>
/** Code of an intersection as people say it, such as `IX-03`. */
export type IntersectionId = Brand<string, 'IntersectionId'>
/** Name of one edge service, such as `hamadan-1`. */
export type EdgeId = Brand<string, 'EdgeId'>

export const phaseId = (n: number) => n as PhaseId
export const ringId = (n: number) => n as RingId
export const overlapId = (n: number) => n as OverlapId
export const channelId = (n: number) => n as ChannelId
export const detectorId = (n: number) => n as DetectorId
export const patternId = (n: number) => n as PatternId
export const intersectionId = (s: string) => s as IntersectionId
export const edgeId = (s: string) => s as EdgeId
