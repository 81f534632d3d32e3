/** Whether a host name means this very machine. */

/** As URLs and listeners write it: `localhost`, `127.0.0.1` and its neighbours, `::1`, with or without brackets. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || /^127(\.\d{1,3}){3}$/.test(host) || host === '::1' || host === '[::1]'
