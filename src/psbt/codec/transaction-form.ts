import { extensionBlock, isOfExtensionBlock } from '../transaction.ts';
import { ByteReader, malformedPsbt } from './byte-reader.ts';

/**
 * That the bytes are a transaction in network serialisation, with or without witnesses, and nothing more. Nothing is made of
 * them: what previous transactions prove is looked up when it is needed, once for each of them.
 * @throws StrongroomError `psbt.malformed`; `psbt.unsupported` for one of Litecoin's extension blocks, as where it is looked up
 * @see BIP144
 */
export function requireTransaction(bytes: Uint8Array): void {
  const withWitness = bytes.length > 6 && bytes[4] === 0x00 && bytes[5] === 0x01;
  if (isOfExtensionBlock(bytes)) throw extensionBlock();
  const reader = new ByteReader(bytes);
  reader.skip(withWitness ? 6 : 4);
  const inputs = reader.compactSize();
  for (let input = 0; input < inputs; input += 1) {
    reader.skip(36);
    reader.skip(reader.compactSize());
    reader.skip(4);
  }
  const outputs = reader.compactSize();
  for (let output = 0; output < outputs; output += 1) {
    reader.skip(8);
    reader.skip(reader.compactSize());
  }
  if (withWitness && !skipWitnesses(reader, inputs)) throw malformedPsbt('a transaction is marked as having witnesses and has none');
  reader.skip(4);
  if (reader.remaining > 0) throw malformedPsbt('bytes follow a transaction');
}

/** @returns whether any of them holds anything */
function skipWitnesses(reader: ByteReader, inputs: number): boolean {
  let holdsAny = false;
  for (let input = 0; input < inputs; input += 1) {
    const items = reader.compactSize();
    for (let item = 0; item < items; item += 1) reader.skip(reader.compactSize());
    holdsAny ||= items > 0;
  }
  return holdsAny;
}
