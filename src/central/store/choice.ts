/** Which event store a site has: asked for once, opened wherever events are written or read. */
import { join } from 'node:path'
import { openEmbeddedStore } from './embedded.ts'
import { openInfluxStore } from './influx.ts'
import type { EventStore } from './port.ts'

export type StoreChoice =
  /** A SQLite file in the data directory. */
  | { readonly kind: 'embedded' }
  /** InfluxDB 1.x; it may come later than whoever writes. */
  | { readonly kind: 'influx'; readonly url: string; readonly database: string }

/** @throws when the embedded store's file cannot be opened. */
export const openStore = (choice: StoreChoice, directory: string): EventStore =>
  choice.kind === 'influx' ? openInfluxStore(choice) : openEmbeddedStore({ path: join(directory, 'events.db') })
