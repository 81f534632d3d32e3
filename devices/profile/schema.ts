/** What a profile file says: where each point of the field contract lives on one maker's wire. */
import type { PointName } from '../points.ts'

/** How well the profile is proven. */
export type Proof = 'none' | 'simulated' | 'bench' | 'street'

interface ProfileFacts {
  /** File name without `.yaml`. */
  readonly name: string
  readonly version: number
  readonly vendor: string
  readonly model: string
  readonly kind: 'controller' | 'loop-card' | 'camera'
  readonly proven: Proof
  /** What is odd about the device, in sentences. */
  readonly caveats: readonly string[]
}

/** Big-endian words, as Modbus has them; `bitlist`: one bit per channel, 16 to a register, channel 1 = bit 0 of the first. */
export type ModbusType = 'u16' | 'u32' | 'u64' | 'ascii' | 'bitlist' | 'u16list'

export interface ModbusPoint {
  readonly table: 'input' | 'holding'
  readonly address: number
  readonly type: ModbusType
  /** Characters of `ascii`, channels of the lists; 1 otherwise. */
  readonly length: number
}

/** Ring buffer of log records in input registers: record `s` lives at slot `s mod capacity`, 8 registers each (u32 sequence, u64 epoch ms, u16 code, u16 parameter). */
export interface ModbusLog {
  readonly address: number
  readonly capacity: number
}

/** Where a request of a transaction is written, whole: ten holding registers (u16 step, u32 writer, u64 epoch, u32 offset, u16 characters), then the part. */
export interface ModbusTiming {
  readonly address: number
  /** Of the part, two characters each. */
  readonly partRegisters: number
}

export interface ModbusProfile extends ProfileFacts {
  readonly protocol: 'modbus-tcp'
  readonly points: ReadonlyMap<PointName, ModbusPoint>
  readonly log: ModbusLog | null
  readonly timing: ModbusTiming | null
  /** Largest read of the device; 125 by the protocol. */
  readonly maxRegistersPerRead: number
}

/** Built-in type of the node's value, or of its elements: what a write must carry. Double holds every time and epoch exactly. */
export type OpcuaType = 'UInt16' | 'UInt32' | 'Double' | 'String'

/** A point is an element of an array node (`index` ≥ 0) or a node of its own (`index` null), which a list fills whole. */
export interface OpcuaPoint {
  /** Identifier inside the profile's namespace: `s=Phases` or `i=1001`. */
  readonly node: string
  readonly index: number | null
  readonly type: OpcuaType
  /** Channels of a list; 1 otherwise. */
  readonly length: number
}

/** Method (after: UInt32, max: UInt32) → (sequence: UInt32[], epochMs: Double[], code: UInt16[], parameter: UInt16[]). */
export interface OpcuaLog {
  readonly object: string
  readonly method: string
}

/**
 * Method (step: UInt16, writer: UInt32, epoch: Double, offset: UInt32, part: String). A method and not variables: those of one
 * write are set one by one (OPC UA part 4, 5.11.4), so that the parts of two writers could mix.
 */
export interface OpcuaTiming {
  readonly object: string
  readonly method: string
  readonly partCharacters: number
}

/** Those without RSA of 2048 bits and SHA-256 are there for devices that have nothing better, and say so (part 7, 6.6). */
export const STRONG_POLICIES = ['Basic256Sha256', 'Aes128_Sha256_RsaOaep', 'Aes256_Sha256_RsaPss'] as const
export const WEAK_POLICIES = ['Basic256', 'Basic128Rsa15', 'None'] as const
export type OpcuaPolicy = (typeof STRONG_POLICIES)[number] | (typeof WEAK_POLICIES)[number]

/** How a device is spoken to: signed and encrypted with every policy but None. */
export interface OpcuaSecurity {
  readonly policy: OpcuaPolicy
  /** Whom the session says it is: the edge's own certificate, or nobody. */
  readonly user: 'certificate' | 'anonymous'
  /** Why the device has nothing better, in words; null where nothing better is wanted. */
  readonly because: string | null
}

export interface OpcuaProfile extends ProfileFacts {
  readonly protocol: 'opcua'
  readonly namespaceUri: string
  readonly endpointPath: string
  readonly security: OpcuaSecurity
  readonly points: ReadonlyMap<PointName, OpcuaPoint>
  readonly log: OpcuaLog | null
  readonly timing: OpcuaTiming | null
}

export type DeviceProfile = ModbusProfile | OpcuaProfile
