import { concat } from '../../domain/bytes.ts';
import type { NetworkName } from '../../domain/network.ts';
import { addressOfScript, type Branch } from '../../wallet/address.ts';
import { deriveChild, hash160, type ExtendedPublicKey } from '../../wallet/extended-public-key.ts';
import type { KeyRecord } from '../../wallet/key-record.ts';
import type { BookedScript } from './script-book.ts';

/** `OP_0 <HASH160 of the key>` (BIP141, P2WPKH). */
export const p2wpkhScript = (publicKey: Uint8Array): Uint8Array => concat(Uint8Array.of(0x00, 0x14), hash160(publicKey));

/** A single-key account (BIP84) by its public record: the public half of the practice node's own wallet. */
export interface KeyHashAccount {
  derive(branch: Branch, index: number): BookedScript & { readonly publicKey: Uint8Array };
}

export function createKeyHashAccount(record: KeyRecord, network: NetworkName): KeyHashAccount {
  const branchKeys = new Map<Branch, ExtendedPublicKey>();
  return {
    derive(branch, index) {
      const branchKey = branchKeys.get(branch) ?? deriveChild(record.key, branch);
      branchKeys.set(branch, branchKey);
      const { publicKey } = deriveChild(branchKey, index);
      const scriptPubKey = p2wpkhScript(publicKey);
      return { branch, index, scriptPubKey, address: addressOfScript(scriptPubKey, network) as string, publicKey };
    },
  };
}
