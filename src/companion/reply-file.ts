import { assembleFrames } from '../airgap/frames/frame-assembler.ts';
import { readPsbtFile } from '../airgap/psbt-file.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { decodePsbt } from '../psbt/codec/decode.ts';
import type { Psbt } from '../psbt/psbt.ts';
import { psbtOfTransaction } from '../psbt/transaction-reply.ts';
import { bytesOfHexText } from './transaction-file.ts';

/**
 * What a cosigner gave back: a PSBT in any form that is read, or a signed network transaction (binary, hexadecimal, or the texts of QR
 * frames, one a line), which then stands as a PSBT that holds nothing but final scripts. Told by content.
 * @throws StrongroomError as `readPsbtFile` and `decodePsbt`
 */
export function readReplyFile(content: Uint8Array): Psbt {
  // No PSBT reads as a transaction: its fifth byte would be a number of inputs that no file can hold.
  const transaction = asTransaction(content) ?? asTransaction(bytesOfHexText(content));
  if (transaction !== null) return transaction;
  try {
    return decodePsbt(readPsbtFile(content));
  } catch (error) {
    if (error instanceof StrongroomError && error.code === 'frames.malformed' && error.details['kind'] === 'transaction') return transactionOfFrames(content);
    throw error;
  }
}

function asTransaction(bytes: Uint8Array | null): Psbt | null {
  if (bytes === null) return null;
  try {
    return psbtOfTransaction(bytes);
  } catch (error) {
    if (error instanceof StrongroomError) return null;
    throw error;
  }
}

/** The file is known to be text of frames that hold a transaction. */
function transactionOfFrames(content: Uint8Array): Psbt {
  const chunks: string[] = [];
  for (let start = 0; start < content.length; start += 8192) chunks.push(String.fromCharCode(...content.subarray(start, start + 8192)));
  return psbtOfTransaction(assembleFrames(chunks.join('').split(/\s+/).filter((line) => line !== '')).bytes);
}
