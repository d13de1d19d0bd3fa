import { isMoney } from '../domain/amount.ts';
import { compareBytes, equalBytes } from '../domain/bytes.ts';
import type { NetworkName } from '../domain/network.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import type { DerivedAddress } from '../wallet/address.ts';
import { scriptTypeOf } from '../wallet/script-type.ts';
import { previousOutputs } from './previous-outputs.ts';
import { tapInputFields, tapOutputFields } from './taproot-fields.ts';
import type { Bip32Derivation, CreatedPsbt, Psbt, PsbtInput, PsbtOutput, UpdatedPsbt } from './psbt.ts';

export interface Updates {
  /** One for each input: the full previous transaction, and the wallet's address where the wallet owns the input. */
  readonly inputs: readonly { readonly previousTransaction: Uint8Array; readonly derived?: DerivedAddress | undefined }[];
  /** One for each output: the wallet's address where the output is its own. */
  readonly outputs: readonly { readonly derived?: DerivedAddress | undefined }[];
}

/**
 * BIP174's Updater: adds what signers need. Every input gets its full previous transaction, segwit inputs their witness UTXO
 * too; a wallet's own inputs and outputs get their scripts and key origins.
 * @param network whose bound of amounts counts; Bitcoin's is the narrowest
 * @throws StrongroomError `psbt.input-unproven` when a previous transaction is not the one that is spent, `psbt.foreign-input`
 * when an address is not what the input or output pays, `psbt.outputs-exceed-inputs`, `psbt.malformed`
 */
export function updatePsbt(created: CreatedPsbt, updates: Updates, network: NetworkName = 'mainnet'): UpdatedPsbt {
  if (updates.inputs.length !== created.inputs.length || updates.outputs.length !== created.outputs.length) {
    throw new TypeError('updates do not match the transaction');
  }
  const withPrevious: Psbt = { ...created, inputs: created.inputs.map((input, index) => ({ ...input, nonWitnessUtxo: (updates.inputs[index] as Updates['inputs'][number]).previousTransaction })) };
  let inputsSats = 0n;
  const inputs = previousOutputs(withPrevious).map((previous, index): PsbtInput => {
    const input = withPrevious.inputs[index] as PsbtInput;
    if (previous.proof === null || !isMoney(previous.output.amountSats, network)) throw unproven(index);
    const { output } = previous;
    inputsSats += output.amountSats;
    const derived = updates.inputs[index]?.derived;
    requireSame(derived, output.scriptPubKey, 'input', index);
    const isSegwit = ['p2wpkh', 'p2wsh', 'p2tr'].includes(scriptTypeOf(output.scriptPubKey)) || derived?.rule.kind === 'segwit-v0';
    return derived === undefined ? { ...input, ...(isSegwit ? { witnessUtxo: output } : {}) }
      : { ...input, ...(isSegwit ? { witnessUtxo: output } : {}), ...scriptsOf(derived), ...originsOf(derived), otherFields: [...input.otherFields, ...tapInputFields(derived)] };
  });
  const outputs = created.outputs.map((output, index): PsbtOutput => {
    const derived = updates.outputs[index]?.derived;
    requireSame(derived, (created.transaction.outs[index] as { script: Uint8Array }).script, 'output', index);
    return derived === undefined ? output : { ...output, ...scriptsOf(derived), ...originsOf(derived), otherFields: [...output.otherFields, ...tapOutputFields(derived)] };
  });
  const outputsSats = created.transaction.outs.reduce((sum, output) => sum + output.value, 0n);
  if (outputsSats > inputsSats) {
    throw new StrongroomError('psbt.outputs-exceed-inputs', 'The outputs are worth more than the inputs.', { inputsSats: String(inputsSats), outputsSats: String(outputsSats) }, 'Add inputs or lower the payments.');
  }
  const updated: Psbt = { ...created, inputs, outputs };
  return updated as UpdatedPsbt;
}

const scriptsOf = ({ redeemScript, witnessScript }: DerivedAddress): Pick<PsbtInput, 'redeemScript' | 'witnessScript'> =>
  ({ ...(redeemScript === null ? {} : { redeemScript }), ...(witnessScript === null ? {} : { witnessScript }) });

/** Key origins in the order of the public keys, as most programs write them; those of taproot have fields of their own (BIP371). */
function originsOf({ keys, taproot }: DerivedAddress): Pick<PsbtInput, 'bip32Derivations'> {
  if (taproot !== null) return { bip32Derivations: [] };
  return {
    bip32Derivations: keys
      .map(({ publicKey, masterFingerprint, path }): Bip32Derivation => ({ publicKey, masterFingerprint, path }))
      .sort((a, b) => compareBytes(a.publicKey, b.publicKey)),
  };
}

function requireSame(derived: DerivedAddress | undefined, script: Uint8Array, scope: 'input' | 'output', index: number): void {
  if (derived !== undefined && !equalBytes(derived.scriptPubKey, script)) {
    throw new StrongroomError('psbt.foreign-input', `The wallet's address is not what ${scope} ${index} holds.`, { scope, index }, 'Plan the transaction again.');
  }
}

/** @internal Shared with the roles that need proven amounts. */
export function unproven(index: number): StrongroomError {
  return new StrongroomError('psbt.input-unproven', `Input ${index} comes without the previous transaction that proves its amount.`, { index }, 'Add the unsigned file that the replies answer, which has it; or have the transaction made again with full previous transactions.');
}
