import { BIP32Factory } from 'bip32';
import * as ecc from 'tiny-secp256k1';
import { HARDENED } from '../domain/derivation-path.ts';
import { chainParameters, keyVersions } from '../domain/network.ts';
import type { Branch } from '../wallet/address.ts';
import { fingerprintOf } from '../wallet/extended-public-key.ts';
import { formatKeyRecord, type KeyRecord } from '../wallet/key-record.ts';

/** What the practice node's seed is used for: its own wallet, and the source of practice money. */
export type PracticeAccountName = 'hot' | 'faucet';

/** A private key of the practice network. */
export interface PracticeKey {
  readonly publicKey: Uint8Array;
  /** 64 bytes, low s and low r. @param hash 32 bytes */
  sign(hash: Uint8Array): Uint8Array;
}

/** PRIVATE KEYS, of the practice network only: BIP84 accounts 0 (hot wallet) and 1 (faucet) of the seed. */
export interface PracticeKeys {
  /** The public record of an account, which the Companion may know. */
  record(account: PracticeAccountName): string;
  key(account: PracticeAccountName, branch: Branch, index: number): PracticeKey;
}

const NETWORK = 'practice';
const accountNumbers: Readonly<Record<PracticeAccountName, number>> = { hot: 0, faucet: 1 };

export function createPracticeKeys(seed: Uint8Array): PracticeKeys {
  const master = BIP32Factory(ecc).fromSeed(seed, keyVersions(NETWORK));
  const masterFingerprint = fingerprintOf(master.publicKey);
  const pathOf = (account: PracticeAccountName): readonly number[] => [84 + HARDENED, chainParameters(NETWORK).coinType + HARDENED, accountNumbers[account] + HARDENED];
  const nodeOf = (account: PracticeAccountName) => pathOf(account).reduce((node, child) => node.derive(child), master);
  const accounts = { hot: nodeOf('hot'), faucet: nodeOf('faucet') };
  return {
    record(account) {
      const node = accounts[account];
      const key = { depth: node.depth, parentFingerprint: node.parentFingerprint, childNumber: node.index, chainCode: node.chainCode, publicKey: node.publicKey };
      const record: KeyRecord = { masterFingerprint, path: pathOf(account), key, realm: 'test' };
      return formatKeyRecord(record, NETWORK);
    },
    key(account, branch, index) {
      const node = accounts[account].derive(branch).derive(index);
      const privateKey = node.privateKey as Uint8Array;
      return { publicKey: node.publicKey, sign: (hash) => signLowR(hash, privateKey) };
    },
  };
}

/** Grinds for an r in the lower half, as nodes do, so that sizes can be foretold. */
function signLowR(hash: Uint8Array, privateKey: Uint8Array): Uint8Array {
  let signature = ecc.sign(hash, privateKey);
  for (let counter = 1; (signature[0] as number) >= 0x80; counter += 1) {
    const entropy = new Uint8Array(32);
    new DataView(entropy.buffer).setUint32(0, counter, true);
    signature = ecc.sign(hash, privateKey, entropy);
  }
  return signature;
}
