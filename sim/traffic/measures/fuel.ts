/**
 * Fuel and carbon dioxide by the power-based instantaneous model of the Australian Road Research Board (Bowyer, Akçelik
 * and Biggs, Guide to fuel consumption analyses for urban traffic management, ARRB Special Report 32, 1985):
 *
 *   f = α + β₁ R v + [β₂ M a² v / 1000] while accelerating, in mL/s, and α where R ≤ 0
 *   R = b₁ + b₂ v² + M a / 1000, the tractive force in kN on a level street
 *
 * with the values for light and heavy vehicles of Akçelik and Besley (Operating cost, fuel consumption, and emission models,
 * CAITR 2003), and each kind's own mass. Weather and grade are left out.
 */
import type { VehicleKind } from '../vehicle-kind.ts'

interface Engine {
  /** α: idling, mL/s. */
  readonly idleMlps: number
  /** β₁, mL/kJ. */
  readonly perWorkMlpkj: number
  /** β₂, mL/(kJ m/s²). */
  readonly perHardWork: number
  /** b₁, kN, and b₂, kN/(m/s)²: the paper's A / (1000 β₁) and 3.6² B / (1000 β₁) of mL/km and km/h. */
  readonly rollingKn: number
  readonly airKn: number
}

/** 1350 mL/h idling; A = 21, B = 0.0055. */
const LIGHT: Engine = { idleMlps: 0.375, perWorkMlpkj: 0.09, perHardWork: 0.03, rollingKn: 0.2333, airKn: 0.000792 }
/** 2000 mL/h idling; A = 150, B = 0.025. */
const HEAVY: Engine = { idleMlps: 0.556, perWorkMlpkj: 0.08, perHardWork: 0.02, rollingKn: 1.875, airKn: 0.00405 }
/** Heavier counts as heavy: an ambulance drives with the engine of a van. */
const HEAVY_FROM_KG = 4_500

/**
 * From the carbon that is in it (US EPA, 40 CFR 600.113: 8887 and 10180 g of CO₂ a gallon). Gas is counted as the petrol that
 * it stands for, with the carbon of the same heat (IPCC 2006: 56.1 against 69.3 kg/GJ).
 */
const CO2_KG_PER_L: Readonly<Record<VehicleKind['fuel'], number>> = {
  petrol: 2.348,
  diesel: 2.689,
  gas: 1.901,
  electric: 0,
}

/** mL a second, on a level street. */
export function fuelMlps(kind: VehicleKind, speedMps: number, accelerationMps2: number): number {
  if (kind.fuel === 'electric') return 0
  const { idleMlps, perWorkMlpkj, perHardWork, rollingKn, airKn } = kind.massKg > HEAVY_FROM_KG ? HEAVY : LIGHT
  const inertiaKn = (kind.massKg * accelerationMps2) / 1_000
  const forceKn = rollingKn + airKn * speedMps * speedMps + inertiaKn
  if (forceKn <= 0) return idleMlps
  const hard = accelerationMps2 > 0 ? perHardWork * inertiaKn * accelerationMps2 : 0
  return idleMlps + (perWorkMlpkj * forceKn + hard) * speedMps
}

export const co2Kg = (kind: VehicleKind, fuelMl: number): number => (fuelMl / 1_000) * CO2_KG_PER_L[kind.fuel]
