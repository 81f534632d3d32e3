/** Fuel by the ARRB model: tables reckoned by hand from its published form. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { co2Kg, fuelMlps } from '#sim/traffic/measures/fuel.ts'
import { VEHICLE_KINDS } from '#sim/traffic/vehicle-kind.ts'

const { car, bus, emergency } = VEHICLE_KINDS

test('an engine that idles takes 1.35 L/h in a car and 2 L/h in a bus', () => {
  expect((fuelMlps(car, 0, 0) * 3_600) / 1_000).toBeCloseTo(1.35, 2)
  expect((fuelMlps(bus, 0, 0) * 3_600) / 1_000).toBeCloseTo(2, 2)
})

test.each([
  // 0.375 + 0.09 × (0.2333 + 0.000792 × 10²) × 10
  [10, 0, 0.6563],
  // R = 0.3125 + 1.4 × 1; 0.375 + 0.09 × 1.7125 × 10 + 0.03 × 1.4 × 1 × 10
  [10, 1, 2.3363],
  // R = 0.3125 - 1.4 × 0.1: the engine still pulls; nothing is added for pulling hard.
  [10, -0.1, 0.5303],
  // R < 0: it idles.
  [10, -1, 0.375],
])('a car at %d m/s that accelerates by %d m/s² takes %d mL/s', (speedMps, accelerationMps2, mlps) =>
  expect(fuelMlps(car, speedMps, accelerationMps2)).toBeCloseTo(mlps, 3),
)

test('a car at a steady 60 km/h takes between 5 and 8 L for 100 km, a bus between 20 and 35', () => {
  const per100Km = (mlps: number) => (mlps * 100_000) / (60 / 3.6) / 1_000
  const ofCar = per100Km(fuelMlps(car, 60 / 3.6, 0))
  const ofBus = per100Km(fuelMlps(bus, 60 / 3.6, 0))
  expect([ofCar > 5, ofCar < 8, ofBus > 20, ofBus < 35]).toEqual([true, true, true, true])
})

test('a litre of petrol is 2.348 kg of CO₂, one of diesel 2.689 kg, and a battery none', () => {
  expect(co2Kg(car, 1_000)).toBe(2.348)
  expect(co2Kg(emergency, 1_000)).toBe(2.689)
  const electric = { ...car, fuel: 'electric' } as const
  expect([fuelMlps(electric, 10, 1), co2Kg(electric, 1_000)]).toEqual([0, 0])
})

test('nobody gets fuel back, and who accelerates harder takes more', () => {
  const speed = fc.double({ min: 0, max: 40, noNaN: true })
  const acceleration = fc.double({ min: -9, max: 3, noNaN: true })
  fc.assert(
    fc.property(fc.constantFrom(car, bus, emergency), speed, acceleration, (kind, speedMps, accelerationMps2) => {
      const mlps = fuelMlps(kind, speedMps, accelerationMps2)
      expect(mlps).toBeGreaterThan(0)
      expect(fuelMlps(kind, speedMps, accelerationMps2 + 0.1)).toBeGreaterThanOrEqual(mlps)
    }),
  )
})
