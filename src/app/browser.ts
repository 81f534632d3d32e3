/** Opens the pages in the person's browser, where there is a screen for one. */
import { spawn } from 'node:child_process'

/** Never fails: a machine without a browser is an ordinary machine. */
export function openBrowser(url: string): void {
  const command = browserCommand(url)
  if (command === null) return
  const [program, ...args] = command
  const opener = spawn(program, args, { stdio: 'ignore', detached: true })
  opener.on('error', () => {})
  opener.unref()
}

function browserCommand(url: string): [string, ...string[]] | null {
  if (process.platform === 'darwin') return ['open', url]
  if (process.platform === 'win32') return ['cmd', '/c', 'start', '', url]
  const hasScreen = Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'])
  return hasScreen ? ['xdg-open', url] : null
}
