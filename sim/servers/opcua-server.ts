/** A virtual device on OPC UA, by the same profile and codec that the driver reads it with. */
import type { Server } from 'node:net'
import type { Namespace, OPCUAServer, OPCUAServerOptions, StatusCode, UAObject, Variant } from 'node-opcua'
import type { PointSource } from '#devices/device.ts'
import { APPLICATION_URI, loadNodeOpcua, processCertificate } from '#devices/opcua/library.ts'
import { controlLayout, encodeNode, layoutNodes, type NodeLayout } from '#devices/opcua/node-layout.ts'
import { toVariant } from '#devices/opcua/variant.ts'
import { POINTS } from '#devices/points.ts'
import { decodeTimingCall, TIMING_ARGUMENTS } from '#devices/opcua/timing-call.ts'
import type { OpcuaLog, OpcuaProfile, OpcuaTiming } from '#devices/profile/schema.ts'
import type { RunningServer } from './modbus-server.ts'
import { freezable, type FreezablePoints } from './frozen-points.ts'
import { hangUpWithoutPower } from './power-line.ts'
import { bendWire, WireFaults } from './wire-faults.ts'

/** More than one edge needs, so that sessions that were cut off, and wait for their end, do not lock it out. */
const SESSIONS_MAX = 32
/** What one call of the log may ask for: an answer stays below a megabyte. */
const LOG_RECORDS_MAX = 10_000

/** What a device has to show, and whom it lets in. */
export interface OpcuaServerIdentity {
  /** DER. */
  readonly certificate: Buffer
  readonly privateKeyPem: string
  readonly applicationUri: string
  /** Certificates of the edges that may come, DER. */
  readonly trusted: readonly Buffer[]
}

export interface OpcuaServerOptions {
  readonly profile: OpcuaProfile
  /** Asked at the moment of each request. */
  readonly source: PointSource
  readonly host: string
  /** 0 = any free one. */
  readonly port: number
  /** Needed where the profile's policy is not None. */
  readonly identity?: OpcuaServerIdentity
  /** What is wrong on its wire, to be planted; nothing unless given. */
  readonly faults?: WireFaults
}

/** Rejects when it cannot listen. Several may live in one process; the first loads the library, each takes about 0.3 s more. */
export async function serveOpcua(options: OpcuaServerOptions): Promise<RunningServer> {
  const library = await loadWithServer()
  const server = new library.OPCUAServer(await serverOptions(library, options))
  await server.initialize()
  const { source, faults = new WireFaults() } = options
  for (const endpoint of server.endpoints) {
    bendWire(listenerOf(endpoint), faults)
    hangUpWithoutPower(listenerOf(endpoint), source)
  }
  // The endpoint looks for its certificate on the disk otherwise, even where it is given in memory.
  for (const endpoint of server.endpoints) endpoint.setCertificateProvider(server.getCertificateChainProvider())
  buildAddressSpace(library, server, { profile: options.profile, source: freezable(source, faults) })
  try {
    await server.start()
  } catch (error) {
    await server.shutdown(0).catch(() => {})
    throw error
  }
  return { port: server.endpoints[0]?.port ?? 0, close: () => server.shutdown(0) }
}

type NodeOpcua = typeof import('node-opcua')

/** The whole of it; the client's half is first, as it takes the library's console away. */
async function loadWithServer(): Promise<NodeOpcua> {
  await loadNodeOpcua()
  return import('node-opcua')
}

async function serverOptions(library: NodeOpcua, options: OpcuaServerOptions): Promise<OPCUAServerOptions> {
  const { profile, host, port, identity } = options
  const { policy, user } = profile.security
  const common: OPCUAServerOptions = {
    host,
    hostname: host,
    port,
    resourcePath: profile.endpointPath,
    serverInfo: { applicationUri: APPLICATION_URI, applicationName: { text: profile.model } },
    serverCapabilities: { maxSessions: SESSIONS_MAX },
    maxConnectionsPerEndpoint: SESSIONS_MAX,
    allowAnonymous: user === 'anonymous',
    securityPolicies: [library.SecurityPolicy[policy]],
  }
  if (policy === 'None')
    return {
      ...common,
      ...(await stores(library, null)),
      securityModes: [library.MessageSecurityMode.None],
      certificateKeyPairProvider: await processCertificate(library),
    }
  if (!identity) throw new Error(`${profile.name} wants ${policy}, and there is no certificate for the server`)
  return {
    ...common,
    ...(await stores(library, identity.trusted)),
    securityModes: [library.MessageSecurityMode.SignAndEncrypt],
    serverInfo: { ...common.serverInfo, applicationUri: identity.applicationUri },
    certificateKeyPairProvider: new library.InMemoryCertificateKeyPairProvider([identity.certificate], {
      hidden: identity.privateKeyPem,
    }),
  }
}

/** Whom the server takes, as application and as user; null = everybody. Without a store it would make one in the home folder. */
async function stores(library: NodeOpcua, trusted: readonly Buffer[] | null) {
  const store = new library.InMemoryCertificateStore({ autoAcceptUnknown: trusted === null })
  for (const certificate of trusted ?? []) await store.trustCertificate(certificate)
  const known = Object.assign(store, { checkCertificate: forBothWaysOfAsking(store) })
  const manager = known as unknown as InstanceType<NodeOpcua['OPCUACertificateManager']>
  return { serverCertificateManager: manager, userCertificateManager: manager }
}

type Store = InstanceType<NodeOpcua['InMemoryCertificateStore']>

/** The server asks for users with a callback, which the library's own store in memory never calls. */
function forBothWaysOfAsking(store: Store) {
  const check = store.checkCertificate.bind(store)
  return (certificate: Buffer | Buffer[], answer?: (error: Error | null, status?: StatusCode) => void) => {
    const checked = check(certificate)
    if (answer) checked.then((status) => answer(null, status), answer)
    return checked
  }
}

function buildAddressSpace(
  library: NodeOpcua,
  server: OPCUAServer,
  { profile, source }: { readonly profile: OpcuaProfile; readonly source: FreezablePoints },
): void {
  const space = server.engine.addressSpace
  if (!space) throw new Error('the server has no address space after it was initialised')
  const namespace = space.registerNamespace(profile.namespaceUri)
  const { objects } = space.rootFolder
  const device = namespace.addObject({ organizedBy: objects, browseName: profile.model })
  const nodes = new NodeBuilder({ library, namespace, device, source })
  const readable = [...profile.points.keys()].filter((name) => POINTS[name].access !== 'control')
  for (const layout of layoutNodes(profile, readable)) nodes.addReadable(layout)
  const control = controlLayout(profile)
  if (control) nodes.addControl(control)
  if (profile.log) nodes.addLog(profile.log)
  if (profile.timing) nodes.addTiming(profile.timing)
}

interface NodePlace {
  readonly library: NodeOpcua
  readonly namespace: Namespace
  readonly device: UAObject
  readonly source: FreezablePoints
}

class NodeBuilder {
  readonly #place: NodePlace

  constructor(place: NodePlace) {
    this.#place = place
  }

  /** Its value is made, and stamped, when it is read. */
  addReadable(layout: NodeLayout): void {
    const { library, namespace, source } = this.#place
    const { DataValue, StatusCodes } = library
    const timestamped_get = () => {
      const sourceTimestamp = source.stamp()
      try {
        const value = toVariant(
          library,
          layout.type,
          encodeNode(layout, (name) => source.readPoint(name)),
        )
        return new DataValue({ value, sourceTimestamp, statusCode: StatusCodes.Good })
      } catch {
        return new DataValue({ sourceTimestamp, statusCode: StatusCodes.BadInternalError })
      }
    }
    namespace.addVariable({ ...this.#facts(layout), accessLevel: 'CurrentRead', value: { timestamped_get } })
  }

  /** Takes the whole array or nothing. */
  addControl(layout: NodeLayout): void {
    const { library, namespace, source } = this.#place
    const { StatusCodes } = library
    const set = (variant: Variant) => {
      const values: number[] = Array.from(variant.value as ArrayLike<number>, Number)
      if (values.length !== layout.elements) return StatusCodes.BadIndexRangeInvalid
      const group = new Map(layout.points.map(([name, point]) => [name, values[point.index ?? 0] ?? 0]))
      return source.writeControl(group) ? StatusCodes.Good : StatusCodes.BadOutOfRange
    }
    const get = () => StatusCodes.BadNotReadable
    namespace.addVariable({ ...this.#facts(layout), accessLevel: 'CurrentWrite', value: { get, set } })
  }

  /** The method of the schema's `OpcuaLog`. */
  addLog(log: OpcuaLog): void {
    const { library, namespace, source } = this.#place
    const { DataType, StatusCodes } = library
    const scalar = (name: string) => ({ name, dataType: DataType.UInt32, valueRank: -1 })
    const column = ([name, type]: LogColumn) => ({ name, dataType: DataType[type], valueRank: 1 })
    const method = namespace.addMethod(this.#owner(log.object), {
      nodeId: log.method,
      browseName: nameOf(log.method),
      inputArguments: [scalar('after'), scalar('max')],
      outputArguments: LOG_COLUMNS.map(column),
    })
    method.bindMethod(([after, max]: Variant[], _context, answer) => {
      const records = source.readLog(Number(after?.value), Math.min(Number(max?.value), LOG_RECORDS_MAX))
      const outputArguments = LOG_COLUMNS.map(([name, type]) =>
        toVariant(
          library,
          type,
          records.map((record) => record[name]),
        ),
      )
      answer(null, { statusCode: StatusCodes.Good, outputArguments })
    })
  }

  /** The method of the schema's `OpcuaTiming`. */
  addTiming(timing: OpcuaTiming): void {
    const { library, namespace, source } = this.#place
    const { DataType, StatusCodes } = library
    const method = namespace.addMethod(this.#owner(timing.object), {
      nodeId: timing.method,
      browseName: nameOf(timing.method),
      inputArguments: TIMING_ARGUMENTS.map(([name, type]) => ({ name, dataType: DataType[type], valueRank: -1 })),
      outputArguments: [],
    })
    method.bindMethod((given: Variant[], _context, answer) => {
      const request = decodeTimingCall(given, timing.partCharacters)
      const followed = request !== null && source.askForTiming?.(request) === true
      const refused = request === null ? StatusCodes.BadInvalidArgument : StatusCodes.BadOutOfRange
      answer(null, { statusCode: followed ? StatusCodes.Good : refused, outputArguments: [] })
    })
  }

  #owner(nodeId: string): UAObject {
    const { namespace, device } = this.#place
    return namespace.addObject({ componentOf: device, nodeId, browseName: nameOf(nodeId) })
  }

  #facts(layout: NodeLayout) {
    return {
      componentOf: this.#place.device,
      nodeId: layout.node,
      browseName: nameOf(layout.node),
      dataType: layout.type,
      valueRank: layout.elements === null ? -1 : 1,
      ...(layout.elements !== null && { arrayDimensions: [layout.elements] }),
    }
  }
}

const LOG_COLUMNS = [
  ['sequence', 'UInt32'],
  ['epochMs', 'Double'],
  ['code', 'UInt16'],
  ['parameter', 'UInt16'],
] as const
type LogColumn = (typeof LOG_COLUMNS)[number]

const nameOf = (nodeId: string) => nodeId.slice(2)

/** The listening socket, which node-opcua keeps to itself. */
const listenerOf = (endpoint: OPCUAServer['endpoints'][number]): Server =>
  (endpoint as unknown as { readonly _server: Server })['_server']
