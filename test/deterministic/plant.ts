/** Plants a defect while the product is loaded: its file is read with one passage changed, and on the disk nothing is. */
import { registerHooks } from 'node:module'
import { invariant } from '#base/invariant.ts'
import { DEFECTS } from './defects.ts'

/** To be called before the product is loaded. @throws when there is no such defect, or no such passage. */
export function plantDefect(name: string): void {
  const defect = DEFECTS.find((each) => each.name === name)
  if (!defect) throw new Error(`there is no defect ${name}. There are: ${DEFECTS.map((each) => each.name).join(', ')}`)
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context)
      if (!url.endsWith(`/${defect.file}`)) return loaded
      invariant(ArrayBuffer.isView(loaded.source), 'the machine reads files as bytes')
      const source = planted(
        Buffer.from(loaded.source.buffer, loaded.source.byteOffset, loaded.source.byteLength).toString(),
        defect,
      )
      return { ...loaded, source }
    },
  })
}

function planted(source: string, { name, original, replacement }: (typeof DEFECTS)[number]): string {
  if (source.split(original).length !== 2) throw new Error(`${name}: its passage does not stand there exactly once`)
  return source.replace(original, () => replacement)
}
