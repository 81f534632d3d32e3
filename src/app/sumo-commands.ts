/** The commands that deal with SUMO: its scenarios under our cabinets, its networks as our sites, our city as its scenario. */
import { Option, type Command } from 'commander'
import { addCommand, perform } from './command.ts'
import type { ExportSumoOptions } from './export-sumo.ts'
import type { ImportOptions } from './import-sumo.ts'
import type { SumoOptions } from './run-sumo.ts'
import { duration, seconds, timeOfDay, wholeNumber } from './shared-options.ts'

export function addSumoCommands(program: Command): void {
  addCommand(program, 'sumo', 'run a scenario of SUMO with its lights under our cabinets', [
    'sabz sumo --config cologne1.sumocfg --strategy max-pressure',
    'sabz sumo --config grid.sumocfg --begin 0 --end 3600 --strategy actuated --seed 3 --json out.json',
  ])
    .argument('[report]', 'with --json: the file for the report (default: stdout)')
    .option('--config <file>', 'the .sumocfg of the scenario')
    .option('--begin <s>', 'second at which the simulation begins (default: as the scenario says)', seconds)
    .option('--end <s>', 'second at which it ends (default: as the scenario says, or when everybody has left)', seconds)
    .addOption(
      new Option('--strategy <name>', 'who decides at the lights')
        .choices(['fixed', 'actuated', 'max-pressure', 'adaptive'])
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--detectors <kind>', 'what they see: loops, or loops and zones of a camera')
        .choices(['loops', 'camera'])
        .default('loops'),
    )
    .addOption(
      new Option('--neighbours <switch>', 'whether lights tell each other who is coming, where the strategy listens')
        .choices(['on', 'off'])
        .default('on'),
    )
    .option('--seed <n>', 'seed of SUMO (default: as the scenario says)', wholeNumber(0, 2_147_483_647))
    .option('--tripinfo <file>', "keep SUMO's own trip information here")
    .option('--gui', 'watch it in the window of SUMO')
    .action(async (report: string | undefined, _options: unknown, command: Command) => {
      const { runSumo } = await import('./run-sumo.ts')
      process.exitCode = await runSumo(command.optsWithGlobals<SumoOptions>(), report)
    })

  const group = addCommand(program, 'import', 'make the files of a site from what others have', [
    'sabz import sumo cologne1.net.xml --out config/cologne1',
  ])
  addCommand(group, 'sumo', 'write the lights of a network of SUMO as the files of a site', [
    'sabz import sumo cologne1.net.xml --out config/cologne1',
  ])
    .argument('<net.xml>', 'the network, or net.xml.gz')
    .option('--out <dir>', 'folder for the files (default: config/<name of the network>)')
    .action((file: string, _options: unknown, command: Command) =>
      perform(async (options: ImportOptions, terminal) =>
        (await import('./import-sumo.ts')).importSumo(file, options, terminal),
      )({}, command),
    )
}

export function addExportCommands(program: Command): void {
  const group = addCommand(program, 'export', 'write the city in the form of another program', [
    'sabz export sumo --out var/hamadan',
  ])
  addCommand(group, 'sumo', 'the city, its traffic and a plan of its lights as a scenario of SUMO', [
    'sabz export sumo --out var/hamadan --plan am_peak --from 07:00 --for 1h',
    'sabz export sumo --out var/rain --scenario rain',
  ])
    .requiredOption('--out <dir>', 'folder for the scenario')
    .option('--scenario <name>', 'of the site: its traffic, its beginning and its end (default: a plain working day)')
    .option('--plan <key>', 'that all lights run (default: that of the schedule at the beginning)')
    .option('--from <hh:mm>', 'time of day at which it begins (default: 07:00)', timeOfDay)
    .option(
      '--for <time>',
      'so long vehicles depart, such as 15m or 1h (default: 1h, or that of the scenario)',
      duration,
    )
    .option(
      '--seed <n>',
      'seed of the trips, and of SUMO (default: 1, or that of the scenario)',
      wholeNumber(0, 2_147_483_647),
    )
    .action(
      perform(async (options: ExportSumoOptions, terminal) =>
        (await import('./export-sumo.ts')).runExportSumo(options, terminal),
      ),
    )
}
