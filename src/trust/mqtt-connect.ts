/** Connections to a broker under a certificate, which is read anew for each one: whoever was renewed needs no restart. */
import type { IClientOptions, MqttClient } from 'mqtt'
import type { Log } from '#base/log.ts'
import { outOfDate, readIdentity, type Identity } from './identity.ts'
import { keyPlace } from './layout.ts'
import { trustFaultText, type TrustFault } from './trust-fault.ts'

/** Whose key a connection uses: plain data, so that it can be told to a thread. */
export interface CredentialsPlace {
  /** The holder's own. */
  readonly folder: string
  readonly role: string
}

export type MqttConnect = (url: string, options: IClientOptions) => MqttClient

/**
 * The client id becomes the name of the certificate. What cannot be read is named once, and the last that could be is shown;
 * without any the broker refuses, and is asked again like one that is away.
 */
export function connectWithCertificate(place: CredentialsPlace, connect: MqttConnect, log: Log): MqttConnect {
  const credentials = new Credentials(place, log)
  return (url, options) => {
    const client = connect(url, { ...options, ...credentials.fresh() })
    client.on('reconnect', () => Object.assign(client.options, credentials.fresh()))
    return client
  }
}

/** For a single connection; none where they cannot be read. */
export function credentialsIn(place: CredentialsPlace): IClientOptions {
  const identity = readIdentity({ ...place, isSigned: true })
  return identity.ok ? optionsOf(identity.value) : {}
}

class Credentials {
  readonly #place: CredentialsPlace
  readonly #log: Log
  #last: IClientOptions = {}
  #told: TrustFault['code'] | null = null

  constructor(place: CredentialsPlace, log: Log) {
    this.#place = place
    this.#log = log
  }

  fresh(): IClientOptions {
    const identity = readIdentity({ ...this.#place, isSigned: true })
    if (identity.ok) this.#last = optionsOf(identity.value)
    this.#tell(identity.ok ? this.#dates(identity.value) : identity.fault)
    return this.#last
  }

  #dates({ certificate }: Identity): TrustFault | null {
    return outOfDate(certificate, keyPlace(this.#place.folder, this.#place.role).certificate, Date.now())
  }

  #tell(fault: TrustFault | null): void {
    if (fault !== null && fault.code !== this.#told) this.#log('error', fault.code, trustFaultText(fault))
    this.#told = fault?.code ?? null
  }
}

function optionsOf({ name, keyPem, certificatePem, caPem }: Identity): IClientOptions {
  return {
    clientId: name,
    key: keyPem,
    cert: certificatePem,
    ...(caPem !== null && { ca: caPem }),
    rejectUnauthorized: true,
  }
}
