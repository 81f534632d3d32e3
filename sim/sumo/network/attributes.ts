/** Attributes of one XML element as values; what is missing or impossible is noted as a fault, and read as nothing. */
import type { NetworkFault } from './network-fault.ts'

export class Attributes {
  readonly element: string
  readonly line: number
  readonly #texts: Readonly<Record<string, string>>
  readonly #faults: NetworkFault[]

  constructor(
    element: { name: string; attributes: Readonly<Record<string, string>> },
    line: number,
    faults: NetworkFault[],
  ) {
    this.element = element.name
    this.line = line
    this.#texts = element.attributes
    this.#faults = faults
  }

  optional(name: string): string | null {
    return this.#texts[name] ?? null
  }

  text(name: string): string {
    const text = this.optional(name)
    if (text === null) this.#faults.push({ code: 'NETWORK_ATTRIBUTE_MISSING', ...this.#place(name) })
    return text ?? ''
  }

  words(name: string): string[] {
    return (this.optional(name) ?? '').split(' ').filter((word) => word !== '')
  }

  /** Any finite number. */
  number(name: string): number {
    return this.#numberOf(name, this.text(name), Number.NEGATIVE_INFINITY)
  }

  /** Lengths, speeds, indices: below zero they cannot be. */
  positive(name: string): number {
    return this.#numberOf(name, this.text(name), 0)
  }

  optionalPositive(name: string): number | null {
    const text = this.optional(name)
    return text === null ? null : this.#numberOf(name, text, 0)
  }

  #numberOf(name: string, text: string, least: number): number {
    const value = Number(text)
    const possible = text.trim() !== '' && Number.isFinite(value) && value >= least
    if (!possible && this.optional(name) !== null)
      this.#faults.push({ code: 'NETWORK_ATTRIBUTE_INVALID', ...this.#place(name), value: text })
    return possible ? value : 0
  }

  #place(attribute: string): { line: number; element: string; attribute: string } {
    return { line: this.line, element: this.element, attribute }
  }
}
