import type { KeyValue, Psbt, Version2Fields } from '../psbt.ts';
import { ByteWriter, uint32 } from '../../domain/byte-writer.ts';
import { GLOBAL, INPUT, OUTPUT } from './field-types.ts';
import { field } from './key-value-map.ts';
import { determineLocktime } from './locktime.ts';

const FINAL_SEQUENCE = 0xffff_ffff;

/**
 * What the file said in version 2, or what says the same transaction where it was none: nothing may be changed, the locktime
 * is the fallback, and sequence numbers are left out where they are final.
 */
export function version2FieldsOf({ version2, transaction }: Psbt): Version2Fields {
  const fields: Version2Fields = version2 ?? {
    ...(transaction.locktime === 0 ? {} : { fallbackLocktime: transaction.locktime }),
    inputs: transaction.ins.map(({ sequence }) => ({ statesSequence: sequence !== FINAL_SEQUENCE })),
  };
  // SECURITY: a reader determines the locktime from these fields, and signatures commit to it; it must be the same transaction.
  const isSame = determineLocktime(fields) === transaction.locktime && fields.inputs.length === transaction.ins.length;
  if (!isSame || transaction.ins.some(({ sequence }, index) => sequence !== FINAL_SEQUENCE && fields.inputs[index]?.statesSequence !== true)) {
    throw new TypeError('the transaction is not the one that its fields of version 2 describe');
  }
  return fields;
}

/** @see BIP370, global types */
export function version2Globals({ transaction }: Psbt, { fallbackLocktime, modifiable }: Version2Fields): KeyValue[] {
  const count = (items: readonly unknown[]): Uint8Array => new ByteWriter().compactSize(items.length).bytes();
  return [
    field(GLOBAL.txVersion, uint32(transaction.version)),
    ...stated(GLOBAL.fallbackLocktime, fallbackLocktime),
    field(GLOBAL.inputCount, count(transaction.ins)),
    field(GLOBAL.outputCount, count(transaction.outs)),
    ...(modifiable === undefined ? [] : [field(GLOBAL.txModifiable, Uint8Array.of(modifiable))]),
    field(GLOBAL.version, uint32(2)),
  ];
}

/** @see BIP370, per-input types */
export function version2InputFields({ transaction }: Psbt, { inputs }: Version2Fields, index: number): KeyValue[] {
  const spent = transaction.ins[index] as Psbt['transaction']['ins'][number];
  const said = inputs[index] as Version2Fields['inputs'][number];
  return [
    field(INPUT.previousTxid, spent.hash),
    field(INPUT.outputIndex, uint32(spent.index)),
    ...(said.statesSequence ? [field(INPUT.sequence, uint32(spent.sequence))] : []),
    ...stated(INPUT.requiredTimeLocktime, said.requiredTimeLocktime),
    ...stated(INPUT.requiredHeightLocktime, said.requiredHeightLocktime),
  ];
}

/** @see BIP370, per-output types */
export function version2OutputFields({ transaction }: Psbt, index: number): KeyValue[] {
  const { value, script } = transaction.outs[index] as Psbt['transaction']['outs'][number];
  return [field(OUTPUT.amount, new ByteWriter().int64(value).bytes()), field(OUTPUT.script, script)];
}

const stated = (keyType: number, value: number | undefined): KeyValue[] => (value === undefined ? [] : [field(keyType, uint32(value))]);
