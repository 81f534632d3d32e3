/** Where the built pages lie: the bundler writes them, central serves them. */
import { fileURLToPath } from 'node:url'

export const PAGES_DIRECTORY = fileURLToPath(new URL('../../dist/web', import.meta.url))
