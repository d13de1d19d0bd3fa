import { Transaction } from 'bitcoinjs-lib/src/transaction';
import { isMoney } from '../domain/amount.ts';
import type { NetworkName } from '../domain/network.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { scriptTypeOf } from '../wallet/script-type.ts';
import { isExcessiveFee } from './fee-limits.ts';
import { previousOutputs } from './previous-outputs.ts';
import type { FinalizedPsbt, FinalTransaction, Psbt, TxOutput } from './psbt.ts';
import { createSighasher } from './sighash.ts';
import { checkSpend } from './spend-check.ts';
import { serializeTransaction, transactionId } from './transaction.ts';
import { unproven } from './updater.ts';

/**
 * A PSBT that another program finalized (a node that signed with its own hot wallet), as a finalized one.
 * @throws StrongroomError `psbt.incomplete` when an input is not final
 */
export function requireFinalized(psbt: Psbt): FinalizedPsbt {
  const open = psbt.inputs.findIndex((input) => input.finalScriptSig === undefined && input.finalScriptWitness === undefined);
  if (open >= 0) {
    throw new StrongroomError('psbt.incomplete', `Input ${open} is not final.`, { inputs: String(open) }, 'Have the wallet that owns it sign.');
  }
  return psbt as FinalizedPsbt;
}

/**
 * BIP174's Transaction Extractor, with last checks before anything is sent: amounts proven by previous transactions, every
 * signature valid against them, no absurd fee.
 * @param network whose limits count; Bitcoin's are the narrowest
 * @throws StrongroomError `psbt.incomplete`, `psbt.input-unproven`, `psbt.signature-invalid`, `psbt.unsupported` for a spend of
 * a kind that cannot be checked, `psbt.outputs-exceed-inputs`, `psbt.fee-excessive`
 */
export function extractTransaction(psbt: FinalizedPsbt, network: NetworkName = 'mainnet'): FinalTransaction {
  requireFinalized(psbt);
  const spent = provenOutputs(psbt, network);
  const transaction = new Transaction();
  transaction.version = psbt.transaction.version;
  transaction.locktime = psbt.transaction.locktime;
  transaction.outs = psbt.transaction.outs.map((output) => ({ ...output }));
  transaction.ins = psbt.transaction.ins.map((input, index) => ({
    ...input,
    script: psbt.inputs[index]?.finalScriptSig ?? new Uint8Array(0),
    witness: [...(psbt.inputs[index]?.finalScriptWitness ?? [])],
  }));
  requireValidSpends(transaction, spent);
  const inputsSats = spent.reduce((sum, output) => sum + output.amountSats, 0n);
  const outputsSats = transaction.outs.reduce((sum, output) => sum + output.value, 0n);
  const feeSats = inputsSats - outputsSats;
  const vsizeVb = transaction.virtualSize();
  if (feeSats < 0n || transaction.outs.some((output) => !isMoney(output.value, network))) {
    throw new StrongroomError('psbt.outputs-exceed-inputs', 'The outputs are worth more than the inputs, or an amount is out of range.', { inputsSats: String(inputsSats), outputsSats: String(outputsSats) }, 'Have the transaction made again.');
  }
  if (isExcessiveFee(feeSats, inputsSats, vsizeVb, network)) {
    throw new StrongroomError('psbt.fee-excessive', `The fee of ${feeSats} sats is above the refusal limit.`, { feeSats: String(feeSats), vsizeVb }, 'Have the transaction made again with a sane fee.');
  }
  return { txid: transactionId(transaction), bytes: serializeTransaction(transaction, true), vsizeVb, feeSats };
}

/**
 * Previous outputs of all inputs. Taproot inputs may state theirs by the witness UTXO alone: their signatures commit to the
 * amounts and scripts of all inputs (BIP341), so that a wrong one fails its signature check.
 */
function provenOutputs(psbt: Psbt, network: NetworkName): TxOutput[] {
  return previousOutputs(psbt).map((previous, index) => {
    const claimed = psbt.inputs[index]?.witnessUtxo;
    const isClaimEnough = previous.proof === null && previous.problem === 'missing' && claimed !== undefined && scriptTypeOf(claimed.scriptPubKey) === 'p2tr';
    const output = previous.proof === null ? (isClaimEnough ? claimed : undefined) : previous.output;
    if (output === undefined || !isMoney(output.amountSats, network)) throw unproven(index);
    return output;
  });
}

function requireValidSpends(transaction: Transaction, spent: readonly TxOutput[]): void {
  const sighasher = createSighasher(transaction, spent);
  transaction.ins.forEach((_, index) => {
    const check = checkSpend(transaction, index, spent[index] as TxOutput, sighasher);
    if (check === 'unsupported') {
      throw new StrongroomError('psbt.unsupported', `Input ${index} spends a script of a kind that cannot be checked.`, { index, scriptType: scriptTypeOf((spent[index] as TxOutput).scriptPubKey) }, 'Have the wallet that owns it send the transaction itself.');
    }
    if (check === 'invalid') {
      throw new StrongroomError('psbt.signature-invalid', `The signature of input ${index} does not verify.`, { index, signer: 'final' }, 'Start again from the unsigned file.');
    }
  });
}
