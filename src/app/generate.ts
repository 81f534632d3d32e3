/** Writes what is made from the sources, so that it can be read without running anything; `--check` only compares. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildServer } from '#central/api/server.ts'
import { LiveCity } from '#central/live-city.ts'
import { openEmbeddedStore } from '#central/store/embedded.ts'
import { editorSchemas } from '#config/editor-schemas.ts'
import type { SiteConfig } from '#config/site.ts'
import { asyncApiText } from '#contract/asyncapi.ts'
import { PAGES_DIRECTORY } from './pages.ts'
import { loadSiteOrExplain } from './site.ts'
import { systemClock } from './system-clock.ts'
import { openTerminal } from './terminal.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

const site = await loadSiteOrExplain(join(ROOT, 'config/hamadan'), openTerminal({ json: false, color: false }))
if (site === null) process.exitCode = 3
else
  for (const [path, text] of await generate(site)) {
    const isFresh = (await readFile(join(ROOT, path), 'utf8').catch(() => null)) === text
    if (isFresh) continue
    if (process.argv.includes('--check')) {
      console.log(`${path} is not what the sources make of it.`)
      process.exitCode = 1
    } else await write(path, text)
  }

/** Path from the root and text of every generated file. */
async function generate(of: SiteConfig): Promise<[string, string][]> {
  const schemas = editorSchemas().map(([name, text]): [string, string] => [`config/schema/${name}`, text])
  return [...schemas, ['docs/openapi.json', await describeApi(of)], ['docs/asyncapi.json', asyncApiText()]]
}

/** The API's own description, asked from a server that never listens. */
async function describeApi(of: SiteConfig): Promise<string> {
  const isUp = () => ({ up: true, detail: '', sinceEpochMs: 0 })
  const api = await buildServer({
    site: of,
    simulated: false,
    city: new LiveCity([], systemClock),
    store: openEmbeddedStore({ path: ':memory:' }),
    clock: systemClock,
    log: () => {},
    webRoot: PAGES_DIRECTORY,
    brokerState: isUp,
    storeState: isUp,
    ignoredMessages: () => 0,
    gaps: () => [],
    alarms: () => [],
    plans: () => [],
  })
  const description = await api.inject('/api/v1/openapi.json')
  await api.close()
  return `${JSON.stringify(description.json(), null, 2)}\n`
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(ROOT, path)), { recursive: true })
  await writeFile(join(ROOT, path), text)
  console.log(`wrote ${path}`)
}
