/** Makes keys, certificates and revocation lists, by a library for X.509; it takes half a second to load. */
// oxlint-disable-next-line import/no-unassigned-import -- the library below asks for this polyfill before itself
import 'reflect-metadata'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
  X509CrlGenerator,
  X509CrlReason,
  type Extension,
  type JsonGeneralName,
} from '@peculiar/x509'
import { createPrivateKey, generateKeyPair, randomBytes, type KeyObject, type webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import { promisify } from 'node:util'

/** A key and its certificate, as PEM. */
export interface KeyAndCertificate {
  readonly keyPem: string
  readonly certificatePem: string
}

/** Made by whom: the CA, opened. */
export type Issuer = KeyAndCertificate

export interface Validity {
  readonly nowEpochMs: number
  readonly days: number
}

/** What a party may be: one that opens connections, or one that accepts them. */
export type Side = 'client' | 'server'

export interface TlsWish extends Validity {
  readonly name: string
  readonly side: Side
  /** Names and addresses that a server is reached by. */
  readonly hosts: readonly string[]
}

export interface ApplicationWish extends Validity {
  readonly name: string
  readonly applicationUri: string
  readonly hosts: readonly string[]
}

export interface Revocation {
  readonly serial: string
  readonly atEpochMs: number
}

const DAY_MS = 86_400_000
/** A peer whose clock is this much behind takes a new certificate all the same. */
const BACKDATED_MS = 3_600_000
/** OPC UA part 7, Basic256Sha256 and its successors: 2048 to 4096. Longer keys cost each connection more, in the scan thread. */
const RSA_BITS = 2_048
const CURVE = 'P-256'

const EC = { name: 'ECDSA', namedCurve: CURVE } as const
const EC_SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' } as const
const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const

const newKeyPair = promisify(generateKeyPair)

/** Self-signed, for certificates of the site alone: no CA stands between it and them. */
export async function makeCa(wish: Validity & { readonly site: string }): Promise<KeyAndCertificate> {
  const { privateKey, publicKey } = await newKeyPair('ec', { namedCurve: CURVE })
  const keys = { privateKey: ecKey(privateKey, 'sign'), publicKey: ecKey(publicKey, 'verify') }
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...facts(wish),
    name: [{ CN: [`Sabz CA of ${wish.site}`] }, { O: [wish.site] }],
    keys,
    signingAlgorithm: EC_SIGNATURE,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return pair(privateKey, certificate)
}

/** For MQTT and HTTP: signed by the CA, for one side of a connection only, so that a stolen client cannot play the broker. */
export async function makeTlsCertificate(issuer: Issuer, wish: TlsWish): Promise<KeyAndCertificate> {
  const ca = new X509Certificate(issuer.certificatePem)
  const { privateKey, publicKey } = await newKeyPair('ec', { namedCurve: CURVE })
  const ownKey = ecKey(publicKey, 'verify')
  const certificate = await X509CertificateGenerator.create({
    ...facts(wish),
    subject: [{ CN: [wish.name] }, { O: ca.subjectName.getField('O') }],
    issuer: ca.subject,
    publicKey: ownKey,
    signingKey: ecKey(createPrivateKey(issuer.keyPem), 'sign'),
    signingAlgorithm: EC_SIGNATURE,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([
        wish.side === 'server' ? ExtendedKeyUsage.serverAuth : ExtendedKeyUsage.clientAuth,
      ]),
      ...alternativeNames(wish.hosts.map(hostName)),
      await SubjectKeyIdentifierExtension.create(ownKey),
      await AuthorityKeyIdentifierExtension.create(ca),
    ],
  })
  return pair(privateKey, certificate)
}

/**
 * For OPC UA: an application instance certificate (part 6, 6.2.2), self-signed, as both sides know each other's certificate
 * itself. The CA of the site has an EC key, which no policy of RSA takes as an issuer.
 */
export async function makeApplicationCertificate(wish: ApplicationWish): Promise<KeyAndCertificate> {
  const { privateKey, publicKey } = await newKeyPair('rsa', { modulusLength: RSA_BITS })
  const keys = {
    privateKey: privateKey.toCryptoKey(RSA, true, ['sign']) as CryptoKey,
    publicKey: publicKey.toCryptoKey(RSA, true, ['verify']) as CryptoKey,
  }
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...facts(wish),
    name: [{ CN: [wish.name] }, { O: ['Sabz'] }],
    keys,
    signingAlgorithm: RSA,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(APPLICATION_USAGES, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
      ...alternativeNames([{ type: 'url', value: wish.applicationUri }, ...wish.hosts.map(hostName)]),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return pair(privateKey, certificate)
}

/** Good for as long as the CA: a broker that finds it out of date would turn everybody away. */
export async function makeRevocationList(
  issuer: Issuer,
  revoked: readonly Revocation[],
  nowEpochMs: number,
): Promise<string> {
  const ca = new X509Certificate(issuer.certificatePem)
  const list = await X509CrlGenerator.create({
    issuer: ca.subject,
    signingKey: ecKey(createPrivateKey(issuer.keyPem), 'sign'),
    signingAlgorithm: EC_SIGNATURE,
    thisUpdate: new Date(nowEpochMs - BACKDATED_MS),
    nextUpdate: ca.notAfter,
    entries: revoked.map(({ serial, atEpochMs }) => ({
      serialNumber: serial,
      revocationDate: new Date(atEpochMs),
      reason: X509CrlReason.unspecified,
    })),
    extensions: [await AuthorityKeyIdentifierExtension.create(ca)],
  })
  // RFC 7468, 7: the library's own label is one that OpenSSL does not take.
  return `${PemConverter.encode(list.rawData, 'X509 CRL')}\n`
}

// Part 6, 6.2.2; a self-signed one signs a certificate, its own.
const APPLICATION_USAGES =
  KeyUsageFlags.digitalSignature |
  KeyUsageFlags.nonRepudiation |
  KeyUsageFlags.keyEncipherment |
  KeyUsageFlags.dataEncipherment |
  KeyUsageFlags.keyCertSign

function facts({ nowEpochMs, days }: Validity) {
  return {
    serialNumber: newSerial(),
    notBefore: new Date(nowEpochMs - BACKDATED_MS),
    notAfter: new Date(nowEpochMs + days * DAY_MS),
  }
}

/** RFC 5280, 4.1.2.2: positive, and so by chance that none comes twice. */
function newSerial(): string {
  const bytes = randomBytes(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40
  return bytes.toString('hex')
}

function ecKey(key: KeyObject, usage: webcrypto.KeyUsage): CryptoKey {
  return key.toCryptoKey(EC, true, [usage]) as CryptoKey
}

const hostName = (host: string): JsonGeneralName => ({ type: isIP(host) === 0 ? 'dns' : 'ip', value: host })

const alternativeNames = (names: JsonGeneralName[]): Extension[] =>
  names.length === 0 ? [] : [new SubjectAlternativeNameExtension(names)]

const pair = (key: KeyObject, certificate: X509Certificate): KeyAndCertificate => ({
  keyPem: key.export({ type: 'pkcs8', format: 'pem' }),
  certificatePem: `${certificate.toString('pem')}\n`,
})
