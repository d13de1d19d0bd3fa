import { determineLocktime } from './codec/locktime.ts';
import { agreed, conflict, type Place } from './merge-fields.ts';
import { INPUTS_MODIFIABLE, OUTPUTS_MODIFIABLE } from './modifiable.ts';
import { isTapSignature } from './taproot-fields.ts';
import type { PsbtInput, Version2Fields, Version2Input } from './psbt.ts';
import type { Reply } from './reply.ts';

const PERMITTING = INPUTS_MODIFIABLE | OUTPUTS_MODIFIABLE;
const isSigned = (input: PsbtInput): boolean => input.partialSignatures.length > 0 || input.otherFields.some(isTapSignature) || input.finalScriptSig !== undefined || input.finalScriptWitness !== undefined;

/**
 * What files of one transaction say in version 2, brought together; `undefined` where none of them is of version 2. Files of
 * version 0 say nothing about it, so that a program of version 0 may answer a file of version 2, and the reverse.
 * @param replies all of the same transaction
 * @throws StrongroomError `psbt.conflict` when they contradict each other, or together mean another locktime
 * @see BIP370
 */
export function mergeVersion2(replies: readonly Reply[]): Version2Fields | undefined {
  const stated = replies.filter(({ psbt }) => psbt.version2 !== undefined);
  const files = stated.map(({ psbt }) => psbt.version2 as Version2Fields);
  const [first] = files;
  if (first === undefined) return undefined;
  const place: Place = { scope: 'global', index: 0 };
  const fallbackLocktime = agreed(files.map((file) => file.fallbackLocktime), Object.is, place, 'fallback locktime', stated);
  const modifiable = mergeModifiable(replies);
  const merged: Version2Fields = {
    ...(fallbackLocktime === undefined ? {} : { fallbackLocktime }),
    ...(modifiable === undefined ? {} : { modifiable }),
    inputs: first.inputs.map((_, index) => mergeInputs(files.map((file) => file.inputs[index] as Version2Input), index, stated)),
  };
  // Each file alone means the transaction's locktime. Together they may require both kinds on every input, and then a height
  // wins over the time that all had meant.
  if (determineLocktime(merged) !== (stated[0] as Reply).psbt.transaction.locktime) {
    throw conflict(place, 'required locktimes', stated, files.map((file) => JSON.stringify(file.inputs)), Object.is);
  }
  return merged;
}

/** What one file forbids, and what a signature over everything forbids, all forbid. Other bits add up. */
function mergeModifiable(replies: readonly Reply[]): number | undefined {
  const psbts = replies.map(({ psbt }) => psbt);
  if (psbts.every((psbt) => psbt.version2?.modifiable === undefined)) return undefined;
  const flags = psbts.map((psbt) => psbt.version2?.modifiable ?? 0);
  const permitted = psbts.some((psbt) => psbt.inputs.some(isSigned)) ? 0 : flags.reduce((common, each) => common & each, PERMITTING);
  return permitted | (flags.reduce((all, each) => all | each, 0) & ~PERMITTING);
}

function mergeInputs(inputs: readonly Version2Input[], index: number, replies: readonly Reply[]): Version2Input {
  const place: Place = { scope: 'input', index };
  const requiredTimeLocktime = agreed(inputs.map((input) => input.requiredTimeLocktime), Object.is, place, 'required time locktime', replies);
  const requiredHeightLocktime = agreed(inputs.map((input) => input.requiredHeightLocktime), Object.is, place, 'required height locktime', replies);
  return {
    statesSequence: inputs.some((input) => input.statesSequence),
    ...(requiredTimeLocktime === undefined ? {} : { requiredTimeLocktime }),
    ...(requiredHeightLocktime === undefined ? {} : { requiredHeightLocktime }),
  };
}
