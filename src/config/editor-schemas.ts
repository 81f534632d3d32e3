/** The schemas of the files as JSON Schema, so that an editor completes and explains what an engineer writes. */
import { SITE_SCHEMAS } from './site-files.ts'

/** File name under `config/schema` and its text. */
export function editorSchemas(): [string, string][] {
  return Object.entries(SITE_SCHEMAS).map(([name, schema]) => [
    `${name}.schema.json`,
    `${JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', title: `${name}.yaml`, ...schema }, null, 2)}\n`,
  ])
}
