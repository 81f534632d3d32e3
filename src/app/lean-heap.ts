/** A box by the road has little memory and other work: an edge's garbage is collected before it piles up. */
import { setFlagsFromString } from 'node:v8'

/**
 * Of every thread of this process, at any moment of its life. V8 lets the old generation grow by less between two collections
 * (260 MB of the process became 210), and at an edge's rate of garbage a tick does not feel it. Who
 * allocates for a living, as a simulation does, would: so it is not asked of every command.
 */
export const keepHeapLean = (): void => setFlagsFromString('--optimize-for-size')
