/** Starts the pages: settings, facts, the live line, keys; then draws the page that the address names. */
import { render } from 'preact'
import { App } from './app.tsx'
import { readFacts } from './facts.ts'
import { listenToKeys } from './keys.ts'
import { followRecords } from './records.ts'
import { startCity } from './live/city.ts'
import { followLinks } from './route.ts'
import { applySettings } from './settings.ts'

applySettings()
followLinks()
listenToKeys()
// States of intersections that are not yet known would be passed over: the line is opened when they are.
void readFacts().then(startCity)
followRecords()

const page = document.getElementById('page')
if (page) render(<App />, page)
