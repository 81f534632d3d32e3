/** The report of a run in SUMO as people read it: the street in a few lines, then a row a light. */
import type { LightReport, SumoReport } from '#sim/sumo/bridge/report.ts'
import type { Terminal } from './terminal.ts'

export function printSumoReport(report: SumoReport, terminal: Terminal): void {
  const { vehicles } = report
  const { print, paint } = terminal
  const alone = report.neighbours === 'off' ? ', without neighbours' : ''
  print(`${report.scenario}: ${report.strategy}, ${report.detectors}, seed ${report.seed}${alone}`)
  print(`seconds ${report.begin_s} to ${report.end_s} (${endingText(report)}), steps of ${report.stepLength_s} s`)
  print('')
  print(
    paint(
      'strong',
      `mean delay        ${seconds(report.meanDelay_s)}  (time loss and departure delay, everybody who wanted to leave)`,
    ),
  )
  print(`  time loss       ${seconds(report.meanTimeLoss_s)}`)
  print(`  departure delay ${seconds(report.meanDepartDelay_s)}, longest ${seconds(report.longestDepartDelay_s)}`)
  print(
    `mean waiting time ${seconds(report.meanWaiting_s)}, stops ${report.meanStops ?? '-'}, longest delay ${seconds(report.longestDelay_s)}`,
  )
  print(
    `vehicles          ${vehicles.wanted} wanted to leave, ${vehicles.inserted} got in, ${vehicles.arrived} arrived, ` +
      `${vehicles.unfinished} under way, ${vehicles.neverInserted} never got in${vehicles.removed > 0 ? `, ${vehicles.removed} removed by SUMO` : ''}`,
  )
  print(`teleports ${report.teleports}, collisions ${report.collisions}, emergency stops ${report.emergencyStops}`)
  print('')
  printLights(report, terminal)
  for (const { reason } of report.left) print(`left to SUMO: ${reason}`)
  if (report.tripinfo !== null) print(`trip information: ${report.tripinfo}`)
  print(
    `${report.wall_s} s of ours, ${report.stepsPerSecond} steps/s, ${report.timesRealTime} times real time; ${report.versions.sumo}`,
  )
}

const COLUMNS = ['light', 'stages', 'greens', 'cycle s', 'shortest', 'longest', 'longest wait s', 'refused'] as const

function printLights({ lights }: SumoReport, { print, paint }: Terminal): void {
  const rows = [COLUMNS, ...lights.map(cellsOf)]
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  for (const row of rows)
    print(
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  '),
    )
  for (const { id, notes } of lights) for (const note of notes) print(`${id}: ${note}`)
  for (const { id, monitorTrips } of lights)
    for (const trip of monitorTrips)
      print(paint('failure', `${id}: its conflict monitor has tripped (${trip}). This is a fault of ours.`))
}

const cellsOf = (light: LightReport): string[] => [
  light.id,
  String(light.stages),
  String(light.greens),
  number(light.meanCycle_s),
  number(light.shortestCycle_s),
  number(light.longestCycle_s),
  number(light.longestWait_s),
  String(light.refusedCommands.length),
]

const number = (value: number | null): string => (value === null ? '-' : value.toFixed(1))

const seconds = (value: number | null): string => (value === null ? '-' : `${value.toFixed(2)} s`)

const endingText = ({ ending }: SumoReport): string => (ending === 'end' ? 'the end asked for' : ending)
