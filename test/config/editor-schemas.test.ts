/** The editor schemas in the repository are those that the loader checks by, and each file names its own. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { editorSchemas } from '#config/editor-schemas.ts'
import { scenarioNames } from '#config/load-scenario.ts'
import { HAMADAN } from './planted.ts'

describe('config/schema', () => {
  test.each(editorSchemas())('%s is what `npm run generate` writes', async (name, text) => {
    const kept = await readFile(join(HAMADAN, '../schema', name), 'utf8')
    expect(JSON.parse(kept)).toEqual(JSON.parse(text))
  })

  const ofTheSite = editorSchemas().filter(([name]) => !['keys.schema.json', 'scenario.schema.json'].includes(name))

  test.each(ofTheSite)('%s is named by the first line of the file that it describes', async (name) => {
    const file = await readFile(join(HAMADAN, name.replace('.schema.json', '.yaml')), 'utf8')
    expect(file.split('\n')[0]).toBe(`# yaml-language-server: $schema=../schema/${name}`)
  })

  test('scenario.schema.json is named by the first line of every scenario', async () => {
    for (const name of await scenarioNames(HAMADAN)) {
      const file = await readFile(join(HAMADAN, 'scenarios', `${name}.yaml`), 'utf8')
      expect(file.split('\n')[0]).toBe('# yaml-language-server: $schema=../../schema/scenario.schema.json')
    }
  })
})
