/** The books at the end: every event of the controller's log is in the store once, or it is said which is not. */
import type { Held } from './central-life.ts'
import { eventually, within } from './patience.ts'

export interface Account {
  readonly asked: number
  /** Numbers of the log that the store does not have. */
  readonly lost: readonly number[]
  /** Numbers that it has more than once. */
  readonly doubled: readonly number[]
}

/** Of the numbers 1 to `last`. */
export function accountOf(held: readonly Held[], last: number): Account {
  const times = new Map<number, number>()
  for (const { number } of held) times.set(number, (times.get(number) ?? 0) + 1)
  const lost: number[] = []
  for (let number = 1; number <= last; number++) if (!times.has(number)) lost.push(number)
  const doubled = [...times].filter(([number, count]) => count > 1 || number > last).map(([number]) => number)
  return { asked: last, lost, doubled }
}

export const isSound = ({ lost, doubled }: Account): boolean => lost.length === 0 && doubled.length === 0

/** What it takes for the last repetition of a batch to arrive after all has arrived once. */
const AFTERMATH_MS = 500

/** Waits until the store has as many numbers as the log; a store that never has is for the account to tell. */
export async function untilHeld(held: () => Promise<readonly Held[]>, last: number): Promise<void> {
  const isComplete = async () => {
    const numbers = new Set((await held()).map(({ number }) => number))
    return numbers.size >= last ? true : undefined
  }
  await eventually(`${last} events in the store`, isComplete).catch(() => undefined)
}

/** Waits for everything, and a little for what would be too much. */
export async function settledAccount(held: () => Promise<readonly Held[]>, last: number): Promise<Account> {
  await untilHeld(held, last)
  await within(AFTERMATH_MS, () => undefined)
  return accountOf(await held(), last)
}

/** Of several accounts, as one says it: `0 of 12,000 lost, 0 doubled`. */
export function sayAccounts(accounts: readonly Account[]): { seen: string; holds: boolean } {
  const sum = (of: (account: Account) => number) => accounts.reduce((total, account) => total + of(account), 0)
  const [asked, lost, doubled] = [sum((a) => a.asked), sum((a) => a.lost.length), sum((a) => a.doubled.length)]
  const seen = `${lost} of ${asked.toLocaleString('en')} lost, ${doubled} doubled`
  return { seen, holds: lost + doubled === 0 }
}
