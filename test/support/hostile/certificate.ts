import { createHash, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** A certificate made for a test, with its key. */
export interface TestCertificate {
  /** PEM. */
  readonly key: string;
  readonly cert: string;
  /** SHA-256 of the public key (SPKI), and of the whole certificate. */
  readonly keySha256: string;
  readonly certSha256: string;
}

export interface CertificateShape {
  readonly from?: Date;
  readonly to?: Date;
  /** An IPv4 address, or a host's name. */
  readonly host?: string;
}

const DAY_MS = 24 * 3600 * 1000;

const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  const length = content.length < 128 ? [content.length] : content.length < 256 ? [0x81, content.length] : [0x82, content.length >> 8, content.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
};
const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const oid = (...bytes: readonly number[]): Buffer => der(0x06, Buffer.from(bytes));
const time = (date: Date): Buffer => der(0x18, Buffer.from(date.toISOString().replace(/[-:T]|\.\d{3}/g, ''), 'ascii'));
const bitString = (bytes: Uint8Array): Buffer => der(0x03, Buffer.concat([Buffer.from([0]), bytes]));

const ECDSA_WITH_SHA256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
const commonName = (name: string): Buffer => sequence(der(0x31, sequence(oid(0x55, 0x04, 0x03), der(0x0c, Buffer.from(name)))));
const extension = (id: Buffer, value: Buffer): Buffer => sequence(id, der(0x04, value));
const pem = (bytes: Uint8Array): string => `-----BEGIN CERTIFICATE-----\n${Buffer.from(bytes).toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A certificate that signs for itself. */
export function testCertificate({ from = new Date(Date.now() - DAY_MS), to = new Date(Date.now() + 30 * DAY_MS), host = '127.0.0.1' }: CertificateShape = {}): TestCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const name = commonName('strongroom test');
  const alternative = /^\d+(\.\d+){3}$/.test(host) ? der(0x87, Buffer.from(host.split('.').map(Number))) : der(0x82, Buffer.from(host));
  const extensions = der(0xa3, sequence(extension(oid(0x55, 0x1d, 0x11), sequence(alternative)), extension(oid(0x55, 0x1d, 0x13), sequence(der(0x01, Buffer.from([0xff]))))));
  const body = sequence(der(0xa0, der(0x02, Buffer.from([2]))), der(0x02, Buffer.from([1])), ECDSA_WITH_SHA256, name, sequence(time(from), time(to)), name, spki, extensions);
  const whole = sequence(body, ECDSA_WITH_SHA256, bitString(sign(body, privateKey)));
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert: pem(whole), keySha256: sha256(spki), certSha256: sha256(whole) };
}

const sign = (body: Uint8Array, key: KeyObject): Buffer => createSign('SHA256').update(body).sign(key);
