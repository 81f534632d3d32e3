/** A site folder that could not be run never starts: all its faults are listed, each with file, rule and remedy. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PROJECT, runSabz } from '#test/support/sabz.ts'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sabz-config-'))
  cpSync(join(PROJECT, 'config/hamadan'), folder, { recursive: true })
  const devices = join(folder, 'devices.yaml')
  writeFileSync(devices, readFileSync(devices, 'utf8').replaceAll('sabz-modbus-controller', 'sabz-modbus-kontroller'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('sabz config check', () => {
  test('finds the city of the checkout sound, with exit code 0', async () => {
    const { code, stdout } = await runSabz(['config', 'check', 'config/hamadan'])
    expect(code).toBe(0)
    expect(stdout).toContain('12 intersections')
    expect(stdout).toContain('adaptive control bounded in am_peak IX-10')
  })

  test('lists every fault of a broken folder with its remedy, with exit code 3', async () => {
    const { code, stdout, stderr } = await runSabz(['config', 'check', folder])
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr.match(/sabz-modbus-kontroller/g)?.length).toBeGreaterThan(1)
    expect(stderr).toContain('Did you mean sabz-modbus-controller?')
    expect(stderr).toMatch(/\d+ faults; nothing was started/)
  })

  test('lists them as one JSON object for a program', async () => {
    const { stdout } = await runSabz(['config', 'check', folder, '--json'])
    const report = JSON.parse(stdout) as { faults: { code: string; file: string; message: string }[] }
    expect(report).toMatchObject({ v: 1, ok: false })
    for (const { file, message } of report.faults) expect(message).toContain(file)
  })

  test('prints what a city only wants to be warned of, and finds it sound all the same', async () => {
    const warned = mkdtempSync(join(tmpdir(), 'sabz-config-'))
    cpSync(join(PROJECT, 'config/hamadan'), warned, { recursive: true })
    const site = join(warned, 'site.yaml')
    const strict = readFileSync(site, 'utf8').replace('walking_speed_mps: 1.2', 'walking_speed_mps: 1.1')
    writeFileSync(site, strict.replace('standards:\n', 'standards:\n  shortfalls: { ped_clearance: warn }\n'))
    const { code, stdout, stderr } = await runSabz(['config', 'check', warned])
    rmSync(warned, { recursive: true })
    expect(code).toBe(0)
    expect(stdout).toContain('is sound')
    expect(stderr).toMatch(/PED_CLEARANCE_TOO_SHORT .* at 1\.1 m\/s/)
    expect(stderr).toMatch(/\d+ warnings\n/)
  })

  test('proves the scenarios too, each on the streets that it is for', async () => {
    const copy = mkdtempSync(join(tmpdir(), 'sabz-config-'))
    cpSync(join(PROJECT, 'config/hamadan'), copy, { recursive: true })
    const edit = (name: string, find: string, write: string) => {
      const file = join(copy, 'scenarios', `${name}.yaml`)
      writeFileSync(file, readFileSync(file, 'utf8').replace(find, write))
    }
    edit('rain', 'heavy_rain', 'havy_rain')
    edit('closed_street', 'street: IX-02.N, from', 'street: IX-03.S, from')
    const { code, stdout, stderr } = await runSabz(['config', 'check', copy])
    rmSync(copy, { recursive: true })
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toMatch(/WEATHER_UNKNOWN .*rain\.yaml weather\.07:30: .* Did you mean heavy_rain\?/)
    expect(stderr).toMatch(/ROUTE_UNREACHABLE .*closed_street\.yaml vehicles: no way leads from IX-03\.S/)
  })

  test('says of a folder that is not there which files it looked for', async () => {
    const { code, stderr } = await runSabz(['config', 'check', '/nonexistent'])
    expect(code).toBe(3)
    expect(stderr).toContain('/nonexistent/site.yaml')
  })

  test.each(['demo', 'sim', 'edge', 'central', 'doctor'])('sabz %s does not start with it either', async (command) => {
    const { code, stderr } = await runSabz([command, '--config', folder])
    expect(code).toBe(3)
    expect(stderr).toContain('nothing was started')
  })
})
