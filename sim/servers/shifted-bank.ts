/** Registers that lie one address further than the profile has them: counting from one where others count from zero. */
import { ModbusException, type RegisterBank } from './register-bank.ts'
import type { WireFaults } from './wire-faults.ts'

/** What lies between the blocks reads 0, as in a device that has memory there: no exception gives the shift away. */
export function shiftedBank(bank: RegisterBank, faults: Pick<WireFaults, 'shifted'>): RegisterBank {
  return {
    read(range) {
      if (!faults.shifted) return bank.read(range)
      return Array.from({ length: range.length }, (_, i) => wordAt(bank, { ...range, address: range.address + i - 1 }))
    },
    write: (block) => bank.write(faults.shifted ? { ...block, address: block.address - 1 } : block),
  }
}

function wordAt(bank: RegisterBank, { table, address }: Omit<Parameters<RegisterBank['read']>[0], 'length'>): number {
  try {
    return bank.read({ table, address, length: 1 })[0] ?? 0
  } catch (error) {
    if (error instanceof ModbusException) return 0
    throw error
  }
}
