import { Transaction } from 'bitcoinjs-lib/src/transaction';
import { MAX_PSBT_INPUTS, MAX_PSBT_OUTPUTS, type KeyValue, type Psbt, type PsbtInput, type PsbtOutput, type Version2Fields, type Version2Input } from '../psbt.ts';
import { ByteReader, malformedPsbt, tooLargePsbt } from './byte-reader.ts';
import { GLOBAL, globalRules, INPUT, OUTPUT, requireForm, requireRules, version2GlobalRules, version2InputRules, version2OutputRules, type FieldRule } from './field-types.ts';
import type { ItemBudget } from './item-budget.ts';
import { readMap, unusualOrder } from './key-value-map.ts';
import { determineLocktime } from './locktime.ts';
import { readInput, readOutput } from './read-fields.ts';

/** What the smallest maps take with their required fields: a stated count must fit before anything is made of it. */
const MIN_INPUT_MAP_BYTES = 43;
const MIN_OUTPUT_MAP_BYTES = 15;
const FINAL_SEQUENCE = 0xffff_ffff;

/**
 * The rest of a PSBT of version 2, whose global map was read already: the transaction is put together out of all maps.
 * @throws StrongroomError `psbt.malformed`, `psbt.too-large`
 * @see BIP370, "Specification"
 */
export function readVersion2(globals: readonly KeyValue[], reader: ByteReader, budget: ItemBudget): Psbt {
  const { values, others } = take(globals, version2GlobalRules);
  requireRules(others, globalRules);
  const transaction = new Transaction();
  transaction.version = uint32Of(required(values, GLOBAL.txVersion));
  const inputCount = countOf(required(values, GLOBAL.inputCount), MAX_PSBT_INPUTS, 'inputs');
  const outputCount = countOf(required(values, GLOBAL.outputCount), MAX_PSBT_OUTPUTS, 'outputs');
  if (inputCount * MIN_INPUT_MAP_BYTES + outputCount * MIN_OUTPUT_MAP_BYTES > reader.remaining) {
    throw malformedPsbt('it states more inputs and outputs than it can hold', { inputCount, outputCount });
  }
  const inputs: PsbtInput[] = [];
  const version2Inputs: Version2Input[] = [];
  for (let index = 0; index < inputCount; index += 1) {
    const fields = readMap(reader, budget);
    const taken = take(fields, version2InputRules);
    transaction.ins.push(spentBy(taken.values));
    version2Inputs.push(version2InputOf(taken.values));
    inputs.push({ ...readInput(taken.others, budget), ...unusualOrder(fields) });
  }
  const outputs: PsbtOutput[] = [];
  for (let index = 0; index < outputCount; index += 1) {
    const fields = readMap(reader, budget);
    const taken = take(fields, version2OutputRules);
    transaction.outs.push({ value: new ByteReader(required(taken.values, OUTPUT.amount)).int64(), script: required(taken.values, OUTPUT.script) });
    outputs.push({ ...readOutput(taken.others), ...unusualOrder(fields) });
  }
  const version2: Version2Fields = {
    ...numbered('fallbackLocktime', values.get(GLOBAL.fallbackLocktime)),
    ...(values.has(GLOBAL.txModifiable) ? { modifiable: required(values, GLOBAL.txModifiable)[0] as number } : {}),
    inputs: version2Inputs,
  };
  const locktime = determineLocktime(version2);
  if (locktime === null) throw malformedPsbt('some of its inputs require a height and others a time as locktime, and no locktime is both');
  transaction.locktime = locktime;
  return { version: 2, transaction, version2, globalFields: others, inputs, outputs, ...unusualOrder(globals) };
}

interface Taken {
  /** By key type; none of these fields has key data, so each stands once. */
  readonly values: ReadonlyMap<number, Uint8Array>;
  readonly others: readonly KeyValue[];
}

/** Tells the fields of version 2 from the others. */
function take(fields: readonly KeyValue[], rules: ReadonlyMap<number, FieldRule>): Taken {
  const values = new Map<number, Uint8Array>();
  const others: KeyValue[] = [];
  for (const field of fields) {
    const rule = rules.get(field.keyType);
    if (rule === undefined) {
      others.push(field);
    } else {
      requireForm(field, rule(field.keyData, field.value));
      values.set(field.keyType, field.value);
    }
  }
  return { values, others };
}

function required(values: Taken['values'], keyType: number): Uint8Array {
  const value = values.get(keyType);
  if (value === undefined) throw malformedPsbt(`a map lacks the field of type 0x${keyType.toString(16).padStart(2, '0')}, which version 2 requires`, { keyType });
  return value;
}

function spentBy(values: Taken['values']): Transaction['ins'][number] {
  const sequence = values.get(INPUT.sequence);
  return {
    hash: required(values, INPUT.previousTxid),
    index: uint32Of(required(values, INPUT.outputIndex)),
    script: new Uint8Array(0),
    sequence: sequence === undefined ? FINAL_SEQUENCE : uint32Of(sequence),
    witness: [],
  };
}

const version2InputOf = (values: Taken['values']): Version2Input => ({
  statesSequence: values.has(INPUT.sequence),
  ...numbered('requiredTimeLocktime', values.get(INPUT.requiredTimeLocktime)),
  ...numbered('requiredHeightLocktime', values.get(INPUT.requiredHeightLocktime)),
});

function countOf(value: Uint8Array, limit: number, what: string): number {
  const count = new ByteReader(value).compactSize();
  if (count > limit) throw tooLargePsbt(what, limit);
  return count;
}

const uint32Of = (value: Uint8Array): number => new ByteReader(value).uint32();
const numbered = <Name extends string>(name: Name, value: Uint8Array | undefined): { readonly [Key in Name]?: number } =>
  (value === undefined ? {} : { [name]: uint32Of(value) }) as { readonly [Key in Name]?: number };
