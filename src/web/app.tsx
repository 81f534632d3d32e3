/** The frame that all pages stand in, and the choice of the page. */
import { useEffect } from 'preact/hooks'
import { site } from './facts.ts'
import { PauseBanner, SimulationBanner } from './frame/banners.tsx'
import { Header } from './frame/header.tsx'
import { HelpDialog } from './frame/help.tsx'
import { IntersectionPage } from './intersection/page.tsx'
import { route } from './route.ts'
import { isolate, nameOf, text } from './text/texts.ts'
import { Wall } from './wall/wall.tsx'

export function App() {
  const t = text.value
  const where = route.value
  const city = site.value ? nameOf(site.value.name) : ''
  const title = t.pageTitle(where.page === 'intersection' ? isolate(where.id) : t.wall, city)
  useEffect(() => {
    document.title = title
  }, [title])
  return (
    <>
      <a class="skip" href="#content">
        {t.skip}
      </a>
      <Header />
      <SimulationBanner />
      <PauseBanner />
      {where.page === 'wall' && <Wall />}
      {where.page === 'intersection' && <IntersectionPage key={where.id} id={where.id} />}
      {where.page === 'none' && (
        <main id="content">
          <p class="notice">{t.notFound}</p>
        </main>
      )}
      <HelpDialog />
    </>
  )
}
