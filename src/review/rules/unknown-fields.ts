import { GLOBAL } from '../../psbt/codec/field-types.ts';
import { keyText } from '../../psbt/codec/key-value-map.ts';
import type { KeyValue } from '../../psbt/psbt.ts';
import { isTaprootInputField, isTaprootOutputField } from '../../psbt/taproot-fields.ts';
import type { ReviewFacts } from '../facts.ts';
import { finding, type Finding } from '../finding.ts';

/** Keys that are listed of one map; a hostile file could hold a million. */
const MAX_LISTED = 20;

/** Fields without a meaning here are carried along byte for byte and named, one finding a map. @see BIP174, "Unknown" fields */
export function unknownFieldFindings(facts: ReviewFacts): Finding[] {
  const globals = facts.psbt.globalFields.filter((field) => field.keyType !== GLOBAL.xpub && field.keyType !== GLOBAL.version);
  return [
    ...listed('global', 0, globals),
    ...facts.inputs.flatMap(({ index, fields, own, singleKey }) => listed('input', index, (own?.derived ?? singleKey?.output)?.taproot == null ? fields.otherFields : fields.otherFields.filter((field) => !isTaprootInputField(field)))),
    ...facts.outputs.flatMap(({ index, fields, own, to }) => listed('output', index, (own ?? to)?.derived.taproot == null ? fields.otherFields : fields.otherFields.filter((field) => !isTaprootOutputField(field)))),
  ];
}

function listed(scope: Finding['where']['scope'], index: number, fields: readonly KeyValue[]): Finding[] {
  if (fields.length === 0) return [];
  const keys = fields.slice(0, MAX_LISTED).map((field) => keyText({ ...field, keyData: field.keyData.subarray(0, 64) }));
  return [finding('psbt.unknown-field', scope, index, { keys: keys.join(' '), count: fields.length })];
}
