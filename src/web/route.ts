/** Which page the address names, without leaving the document: the live city goes on while pages change. */
import { signal } from '@preact/signals'

export type Route =
  | { readonly page: 'wall' }
  | { readonly page: 'intersection'; readonly id: string }
  | { readonly page: 'none' }

export const route = signal<Route>(routeOf(location.pathname))

export const wallPath = '/wall'
export const intersectionPath = (id: string): string => `/ix/${encodeURIComponent(id)}`

export function go(path: string): void {
  history.pushState(null, '', path + location.search)
  route.value = routeOf(path)
  scrollTo(0, 0)
}

/** Follows links of ours and the browser's back and forward. */
export function followLinks(): void {
  addEventListener('popstate', () => {
    route.value = routeOf(location.pathname)
  })
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return
    const anchor = event.target instanceof Element ? event.target.closest('a') : null
    if (!anchor || anchor.origin !== location.origin || anchor.target || anchor.hash) return
    if (routeOf(anchor.pathname).page === 'none') return
    event.preventDefault()
    go(anchor.pathname)
  })
}

function routeOf(path: string): Route {
  if (path === '/' || path === wallPath) return { page: 'wall' }
  const id = /^\/ix\/([^/]+)\/?$/.exec(path)?.[1]
  return id === undefined ? { page: 'none' } : { page: 'intersection', id: decoded(id) }
}

/** A broken escape is an unknown intersection, not a crash. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
