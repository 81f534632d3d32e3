/** `npm run check`: all gates in one command, quickest first, each with its time; exit code 1 when any stays shut. */
import { runGates } from './gates.ts'

const shut = runGates().filter(({ open }) => !open)
console.log(shut.length === 0 ? 'all gates open' : `shut: ${shut.map(({ name }) => name).join(', ')}`)
process.exitCode = shut.length === 0 ? 0 : 1
