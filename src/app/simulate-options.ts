/** The options of `sabz simulate`. */
import { Option, type Command } from 'commander'
import type { StrategyName } from '#sim/closed-loop/ladders.ts'
import { duration, moment, warmUp, wholeNumber } from './shared-options.ts'

/** As `sim/closed-loop/ladders.ts` has them: that file loads every strategy, this one does not. */
const STRATEGIES = [
  'local',
  'coordinated',
  'actuated',
  'max-pressure',
  'adaptive',
] as const satisfies readonly StrategyName[]

/** More seeds than anybody waits for. */
const SEEDS_MOST = 1_000
const JOBS_MOST = 64

export const simulateOptions = (command: Command): Command =>
  command
    .option('--scenario <name>', 'of the folder `scenarios` of the site, or a file that ends in .yaml')
    .option('--from <time>', 'measure from then on, such as 07:00 (default: when the warm-up is over)', moment)
    .option('--for <duration>', 'measure so long, such as 30m or 1h (default: until the scenario ends)', duration)
    .addOption(
      new Option('--warm-up <duration>', 'what is simulated before it and left out, such as 15m, or 0 for nothing')
        .argParser(warmUp)
        .default(15 * 60_000, '15m'),
    )
    .option(
      '--faults <file>',
      'plant what this file says, beside what the scenario does: faults by moment, key and place',
    )
    .option('--seeds <n>', 'how many runs, from the seed of the scenario on (default: 5)', wholeNumber(1, SEEDS_MOST))
    .option('--seed <n>', 'one run with this seed', wholeNumber(0, 4_294_967_295))
    .addOption(
      new Option('--strategy <name>', 'who decides; local: each cabinet alone, by its own schedule')
        .choices(STRATEGIES)
        .default('coordinated' satisfies StrategyName),
    )
    .addOption(
      new Option('--compare <name>', 'and another with the same seeds: the difference is told').choices(STRATEGIES),
    )
    .addOption(
      new Option(
        '--neighbours <switch>',
        'whether intersections tell each other who is coming, where the strategy listens',
      )
        .choices(['on', 'off'])
        .default('on'),
    )
    .option('--jobs <n>', 'runs at the same time, each on a core', wholeNumber(1, JOBS_MOST), 1)
    .option('--out <dir>', 'write simulation.json and figures.csv into this folder')
