/** A drive in a process of its own, to be mounted through a loop device: a plan on its input says when its power goes. */
import { readFileSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { ForgetfulDrive, type Plan } from './forgetful-drive.ts'
import { serveFile } from './fuse-wire.ts'
import type { DriveSettings } from './mounted-drive.ts'

const { image, folder } = JSON.parse(process.argv[2] ?? '{}') as DriveSettings
/** A street that has no more to say writes nothing: the power goes all the same. */
const CUT_MS_MAX = 8_000
const drive = new ForgetfulDrive(readFileSync(image), (cut) => {
  writeFileSync(image, cut.image)
  console.log(`cut ${cut.atRiskBytes}`)
})

serveFile(drive, folder, () => process.exit(0))
createInterface({ input: process.stdin }).on('line', (line) => {
  drive.cutAt(JSON.parse(line) as Plan)
  setTimeout(() => drive.cutNow(), CUT_MS_MAX)
})
console.log('ready 1')
