import { Transaction } from 'bitcoinjs-lib/src/transaction';
import { sats, sumSats } from '../domain/amount.ts';
import { parseHex, reversed } from '../domain/bytes.ts';
import type { NetworkName } from '../domain/network.ts';
import { formatOutpoint } from '../domain/outpoint.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { malformedPsbt, tooLargePsbt } from './codec/byte-reader.ts';
import { MAX_PSBT_INPUTS, MAX_PSBT_OUTPUTS, type CreatedPsbt, type Psbt, type TxOutput } from './psbt.ts';

export interface TransactionDraft {
  /** `sequence` 0xfffffffd signals that the transaction may be replaced (BIP125). */
  readonly inputs: readonly { readonly txid: string; readonly vout: number; readonly sequence: number }[];
  readonly outputs: readonly TxOutput[];
  readonly locktime: number;
}

/**
 * BIP174's Creator: an unsigned transaction of version 2 in an otherwise empty PSBT.
 * @param network whose bound of amounts counts; Bitcoin's is the narrowest
 * @throws StrongroomError `psbt.no-payment` without inputs or outputs, `psbt.too-large`, `psbt.malformed` for an outpoint that
 * stands twice, `amount.out-of-range`, `input.not-hex`
 */
export function createPsbt(draft: TransactionDraft, network: NetworkName = 'mainnet'): CreatedPsbt {
  if (draft.inputs.length === 0 || draft.outputs.length === 0) {
    throw new StrongroomError('psbt.no-payment', 'A transaction needs at least one input and one output.', {}, 'Choose what to spend and where to.');
  }
  if (draft.inputs.length > MAX_PSBT_INPUTS) throw tooLargePsbt('inputs', MAX_PSBT_INPUTS);
  if (draft.outputs.length > MAX_PSBT_OUTPUTS) throw tooLargePsbt('outputs', MAX_PSBT_OUTPUTS);
  if (new Set(draft.inputs.map(formatOutpoint)).size !== draft.inputs.length) throw malformedPsbt('one output is spent twice');
  sumSats(draft.outputs.map((output) => sats(output.amountSats, network)), network);
  const transaction = new Transaction();
  transaction.version = 2;
  transaction.locktime = draft.locktime;
  for (const { txid, vout, sequence } of draft.inputs) {
    transaction.ins.push({ hash: reversed(parseHex(txid)), index: vout, script: new Uint8Array(0), sequence, witness: [] });
  }
  for (const output of draft.outputs) transaction.outs.push({ script: output.scriptPubKey, value: output.amountSats });
  const psbt: Psbt = {
    version: 0,
    transaction,
    globalFields: [],
    inputs: draft.inputs.map(() => ({ partialSignatures: [], bip32Derivations: [], otherFields: [] })),
    outputs: draft.outputs.map(() => ({ bip32Derivations: [], otherFields: [] })),
  };
  return psbt as CreatedPsbt;
}
