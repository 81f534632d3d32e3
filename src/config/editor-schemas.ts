/** The schemas of the files as JSON Schema, so that an editor completes and explains what an engineer writes. */
import { KeysFile } from './keys-file.ts'
import { ScenarioFile } from './scenario-file.ts'
import { SITE_SCHEMAS } from './site-files.ts'

/** File name under `config/schema` and its text; `scenario` is that of every file under `scenarios`. */
export function editorSchemas(): [string, string][] {
  return Object.entries({ ...SITE_SCHEMAS, keys: KeysFile, scenario: ScenarioFile }).map(([name, schema]) => [
    `${name}.schema.json`,
    `${JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', title: `${name}.yaml`, ...schema }, null, 2)}\n`,
  ])
}
