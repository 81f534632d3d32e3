/** Tells at the end which tests needed their second chance: what passes only then is on the record, not hidden. */
import type { Reporter, TestModule } from 'vitest/node'

export default class SecondChances implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    for (const test of tests) {
      if (!test.diagnostic()?.flaky) continue
      const [first] = test.result().errors ?? []
      console.log(
        `passed at its second chance: ${test.module.relativeModuleId} > ${test.fullName}: ${first?.message ?? ''}`,
      )
    }
  }
}
