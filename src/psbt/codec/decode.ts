import { equalBytes } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { MAX_PSBT_BYTES, MAX_PSBT_INPUTS, type KeyValue, type Psbt } from '../psbt.ts';
import { parseUnsignedTransaction } from '../transaction.ts';
import { ByteReader, malformedPsbt, tooLargePsbt } from './byte-reader.ts';
import { GLOBAL, globalRules, noKey, requireForm, requireRules } from './field-types.ts';
import { ItemBudget } from './item-budget.ts';
import { readMap, unusualOrder } from './key-value-map.ts';
import { readInput, readOutput } from './read-fields.ts';
import { readVersion2 } from './version-2.ts';

/** `psbt` and 0xff. */
export const PSBT_MAGIC = Uint8Array.of(0x70, 0x73, 0x62, 0x74, 0xff);

/**
 * A PSBT of version 0 or 2 from its binary form. Strict: what BIP174, BIP370 and BIP371 do not permit is refused, in time linear
 * in the size; caps are checked before anything is allocated. The result holds a copy, so later changes to `bytes` do not reach
 * it.
 * @throws StrongroomError `psbt.malformed`, `psbt.too-large`, `psbt.unsupported` (any other version)
 * @see BIP174, "Specification"; BIP370; BIP371
 */
export function decodePsbt(bytes: Uint8Array): Psbt {
  if (bytes.length > MAX_PSBT_BYTES) throw tooLargePsbt('bytes', MAX_PSBT_BYTES);
  // Not slice(): on a Node Buffer that would be a view of memory that others can still write to.
  const reader = new ByteReader(new Uint8Array(bytes));
  if (reader.remaining < PSBT_MAGIC.length || !equalBytes(reader.slice(PSBT_MAGIC.length), PSBT_MAGIC)) {
    throw malformedPsbt('it does not begin with the magic bytes of a PSBT');
  }
  const budget = new ItemBudget();
  const globals = readMap(reader, budget);
  const psbt = versionOf(globals) === 2 ? readVersion2(globals, reader, budget) : readVersion0(globals, reader, budget);
  if (reader.remaining > 0) throw malformedPsbt('bytes follow its last map');
  return psbt;
}

/** @see BIP174, PSBT_GLOBAL_VERSION: absent means 0; there is no version 1 */
function versionOf(globals: readonly KeyValue[]): 0 | 2 {
  const field = globals.find((candidate) => candidate.keyType === GLOBAL.version && noKey(candidate.keyData));
  if (field === undefined) return 0;
  requireForm(field, field.value.length === 4);
  const version = new ByteReader(field.value).uint32();
  if (version !== 0 && version !== 2) {
    throw new StrongroomError('psbt.unsupported', `The PSBT is of version ${version}; Strongroom reads versions 0 and 2.`, { version }, 'Export the PSBT as version 0 (BIP174) or 2 (BIP370).');
  }
  return version;
}

function readVersion0(globals: readonly KeyValue[], reader: ByteReader, budget: ItemBudget): Psbt {
  const unsigned = globals.find((field) => field.keyType === GLOBAL.unsignedTx);
  if (unsigned === undefined) throw malformedPsbt('it has no unsigned transaction');
  requireForm(unsigned, noKey(unsigned.keyData));
  const transaction = parseUnsignedTransaction(unsigned.value, MAX_PSBT_INPUTS);
  const globalFields = globals.filter((field) => field !== unsigned);
  requireRules(globalFields, globalRules);
  const inputs = transaction.ins.map(() => {
    const fields = readMap(reader, budget);
    return { ...readInput(fields, budget), ...unusualOrder(fields) };
  });
  const outputs = transaction.outs.map(() => {
    const fields = readMap(reader, budget);
    return { ...readOutput(fields), ...unusualOrder(fields) };
  });
  return { version: 0, transaction, globalFields, inputs, outputs, ...unusualOrder(globals) };
}
