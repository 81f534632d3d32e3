/** Script: writes the editor schemas under `config/schema`; `npm run generate` calls it. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { editorSchemas } from './editor-schemas.ts'

const DIRECTORY = join(import.meta.dirname, '../../config/schema')

await mkdir(DIRECTORY, { recursive: true })
for (const [name, text] of editorSchemas()) await writeFile(join(DIRECTORY, name), text)
