/** Checks the data of one file against its schema and says what is wrong in an engineer's words. */
import type { Static, TSchema } from 'typebox'
import { Settings } from 'typebox/system'
import { Check, Errors, Pointer } from 'typebox/value'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import type { ConfigFault, FaultAt } from './config-fault.ts'
import { wordsOfPattern } from './fields.ts'
import { writeInstead } from './nearest.ts'

/** Nobody reads more at a time; the rest shows when these are mended. */
const SHAPE_FAULTS_MAX = 1_000

type SchemaError = ReturnType<typeof Errors>[number]

/** Where an error was found: the part of the schema that it broke, the value there, and how to report it. */
interface Place {
  readonly keys: readonly string[]
  readonly schema: unknown
  readonly value: unknown
  readonly at: FaultAt
}

/** The data as its type, or everything that does not fit the schema. */
export function checkShape<S extends TSchema>(
  schema: S,
  data: unknown,
  at: FaultAt,
): Outcome<Static<S>, readonly ConfigFault[]> {
  if (Check(schema, data)) return ok(data)
  return failed(
    errorsOf(schema, data).flatMap((error) => {
      const keys = Pointer.Indices(error.instancePath)
      const place = { keys, schema: Pointer.Get(schema, error.schemaPath.slice(1)), value: valueAt(data, keys), at }
      return faultsOf(error, place)
    }),
  )
}

/** All errors: the library stops at eight by default, so its limit is raised for the length of the call. */
function errorsOf(schema: TSchema, data: unknown): SchemaError[] {
  const { maxErrors } = Settings.Get()
  Settings.Set({ maxErrors: SHAPE_FAULTS_MAX })
  try {
    return Errors(schema, data)
  } finally {
    Settings.Set({ maxErrors })
  }
}

function faultsOf(error: SchemaError, place: Place): ConfigFault[] {
  const { keys, value, at } = place
  switch (error.keyword) {
    case 'boolean':
      return [] // The echo of `additionalProperties`, once for each key.
    case 'additionalProperties':
      return error.params.additionalProperties.map((key) => unknownKey(key, place))
    case 'required':
      return error.params.requiredProperties.map((key) => at('MISSING_KEY', keys, `${key} is missing. Add it.`))
    case 'type':
      return [at('WRONG_TYPE', keys, `${show(value)} is not ${article(String(error.params.type))}. Write one.`)]
    case 'enum': {
      const allowed = error.params.allowedValues.map(String)
      return [at('NOT_ALLOWED', keys, `${show(value)} is not allowed. ${writeInstead(String(value), allowed)}`)]
    }
    case 'pattern': {
      const words = wordsOfPattern(String(error.params.pattern))
      return [at('NOT_ALLOWED', keys, `${show(value)} is not ${words}. Correct it.`)]
    }
    default:
      return [at('OUT_OF_RANGE', keys, `${show(value)} ${error.message}. Correct it.`)]
  }
}

/** A key that a mapping does not have, or that no row of a table may have. */
function unknownKey(key: string, { keys, schema, at }: Place): ConfigFault {
  const patterns = Object.keys(recordAt(schema, 'patternProperties'))
  const says =
    patterns.length > 0
      ? `"${key}" is not ${patterns.map(wordsOfPattern).join(' or ')}. Rename the row.`
      : `unknown key. ${writeInstead(key, Object.keys(recordAt(schema, 'properties')))}`
  return at('UNKNOWN_KEY', [...keys, key], says)
}

function recordAt(schema: unknown, key: string): object {
  const part = typeof schema === 'object' && schema !== null ? Reflect.get(schema, key) : undefined
  return typeof part === 'object' && part !== null ? part : {}
}

function valueAt(data: unknown, keys: readonly string[]): unknown {
  let value = data
  for (const key of keys) value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
  return value
}

/** A value as the engineer wrote it, cut where it is long. */
function show(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'a mapping'
  return JSON.stringify(value) ?? 'nothing'
}

const ARTICLES: Readonly<Record<string, string>> = {
  object: 'a mapping',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
}

function article(type: string): string {
  return ARTICLES[type] ?? type
}
