import { equalBytes } from '../../../domain/bytes.ts';
import { StrongroomError } from '../../../errors/strongroom-error.ts';
import { MAX_ADDRESS_INDEX, type AddressDeriver, type Branch, type DerivedAddress } from '../../../wallet/address.ts';

/**
 * Finds a script in a wallet. The node's descriptor of an output says where to look; only a script that we derive ourselves
 * at that place counts, so a node that is wrong or lies is found out.
 * @param descriptor of the single output: `wsh(multi(2,[73c5da0a/48h/1h/0h/2h/0/5]02...,...))#...`
 * @throws StrongroomError `node.malformed`
 */
export function deriveOwnOutput(deriver: AddressDeriver, scriptPubKey: Uint8Array, descriptor: string | undefined): DerivedAddress {
  const match = /\/([01])\/(\d{1,6})\]/.exec(descriptor ?? '');
  const index = Number(match?.[2] ?? Number.NaN);
  const derived = match !== null && index <= MAX_ADDRESS_INDEX ? deriver.derive(Number(match[1]) as Branch, index) : undefined;
  if (derived === undefined || !equalBytes(derived.scriptPubKey, scriptPubKey)) {
    throw new StrongroomError('node.malformed', 'The node counts an output to the wallet that the wallet does not derive.', {}, 'Do not use this node until you know why. The wallet in it may have been tampered with.');
  }
  return derived;
}

/** A descriptor without its checksum, hardened steps marked by h: for comparing ours with the node's. */
export const comparableDescriptor = (descriptor: string): string => descriptor.replace(/#.*$/, '').replaceAll('\'', 'h');
