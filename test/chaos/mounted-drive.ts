/** A file system on a drive whose power can be cut: FUSE gives the drive, a loop device makes it a disk, ext4 lives on it. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Child } from './child.ts'
import type { Plan } from './forgetful-drive.ts'
import { eventually } from './patience.ts'
import type { Rig } from './rig.ts'

const DRIVE_BYTES = 32 * 1024 ** 2

export interface DriveSettings {
  /** A file: read at the start, written at the cut. */
  readonly image: string
  /** Where the drive appears as `disk`. */
  readonly folder: string
}

/** An image with an empty file system, as a shop sells it. */
export function makeImage(path: string, bytes = DRIVE_BYTES): void {
  writeFileSync(path, Buffer.alloc(bytes))
  run('mkfs.ext4', '-q', '-F', path)
}

export class MountedDrive {
  /** Of the file system. */
  readonly folder: string
  readonly #process: Child
  readonly #driveFolder: string
  #loop = ''

  private constructor(directory: string, image: string) {
    this.folder = join(directory, 'files')
    this.#driveFolder = join(directory, 'drive')
    for (const folder of [this.folder, this.#driveFolder]) mkdirSync(folder, { recursive: true })
    const settings: DriveSettings = { image, folder: this.#driveFolder }
    this.#process = new Child('./drive-process.ts', settings)
  }

  /** As a boot does, without anybody's help: the journal is replayed by the mount. */
  static async mount(rig: Rig, image: string): Promise<MountedDrive> {
    const drive = new MountedDrive(rig.at('drive'), image)
    rig.andThen(() => drive.unmount())
    await eventually('a drive', () => {
      if (drive.#process.isOver) throw new Error(`the drive does not start: ${drive.#process.words}`)
      return drive.#process.last('ready')
    })
    drive.#loop = run('losetup', '--find', '--show', join(drive.#driveFolder, 'disk')).trim()
    run('mount', '-t', 'ext4', drive.#loop, drive.folder)
    return drive
  }

  /** Waits until the power has gone by plan; how many bytes were in the cache then. */
  async cut(plan: Plan): Promise<number> {
    this.#process.tell(JSON.stringify(plan))
    return eventually('a cut', () => this.#process.last('cut'))
  }

  /** Nothing is answered any more, neither a write nor a flush, as by a disk that tries a bad sector again and again. */
  stall(): void {
    process.kill(this.#process.pid, 'SIGSTOP')
  }

  /** What was asked meanwhile is answered now. */
  goOn(): void {
    process.kill(this.#process.pid, 'SIGCONT')
  }

  /** After the cut, and after those who used it have ended; a second time does nothing. */
  async unmount(): Promise<void> {
    if (this.#process.isOver) return
    this.goOn()
    spawnSync('umount', [this.folder])
    if (this.#loop !== '') spawnSync('losetup', ['--detach', this.#loop])
    spawnSync('umount', ['--lazy', this.#driveFolder])
    await this.#process.kill()
  }
}

function run(program: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr.trim()}`)
  return stdout
}
