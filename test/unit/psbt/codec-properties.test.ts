import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, toHex } from '../../../src/domain/bytes.ts';
import { StrongroomError } from '../../../src/errors/strongroom-error.ts';
import { decodePsbt } from '../../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import type { Psbt } from '../../../src/psbt/psbt.ts';
import { leavesOf, sized, version0, version2, type RawPsbt } from './codec-maps.ts';

/** Of a transaction, what both the generator and the reader know. */
const shown = ({ transaction }: Psbt): object => ({
  version: transaction.version, locktime: transaction.locktime,
  inputs: transaction.ins.map(({ hash, index, sequence }) => [toHex(hash), index, sequence]), outputs: transaction.outs.map(({ value, script }) => [value, toHex(script)]),
});
const meant = ({ transactionVersion, locktime, inputs, outputs }: RawPsbt): object => ({
  version: transactionVersion, locktime,
  inputs: inputs.map(({ txid, vout, sequence }) => [toHex(txid), vout, sequence]), outputs: outputs.map(({ amountSats, script }) => [amountSats, toHex(script)]),
});
const versions = [{ version: 0 as const, files: version0 }, { version: 2 as const, files: version2 }];

describe.each(versions)('every well-formed file of version $version', ({ version, files }) => {
  test('comes back byte for byte, whatever its fields and their order, and is the transaction that was meant', () => {
    fc.assert(fc.property(files, (file) => {
      const psbt = decodePsbt(file.bytes);
      expect(psbt.version).toBe(version);
      expect(shown(psbt)).toEqual(meant(file));
      expect(toHex(encodePsbt(psbt))).toBe(toHex(file.bytes));
    }), { numRuns: 400 });
  });

  test('is the same transaction with the same fields in the other version, and comes back from there', () => {
    fc.assert(fc.property(files, (file) => {
      const psbt = decodePsbt(file.bytes);
      const other = decodePsbt(encodePsbt(psbt, { version: version === 0 ? 2 : 0 }));
      expect(shown(other)).toEqual(meant(file));
      const fieldsOf = (each: Psbt): object => [each.globalFields.filter(({ keyType }) => keyType !== 0xfb), each.inputs, each.outputs].map((maps) => maps.map(({ fieldOrder: _, ...rest }: { fieldOrder?: unknown }) => rest));
      expect(fieldsOf(other)).toEqual(fieldsOf(psbt));
      expect(fieldsOf(decodePsbt(encodePsbt(other, { version })))).toEqual(fieldsOf(psbt));
    }), { numRuns: 200 });
  });

  test('cut off anywhere or with a byte more is refused by name', () => {
    fc.assert(fc.property(files, fc.nat(), fc.nat({ max: 255 }), ({ bytes }, at, more) => {
      const code = expect.objectContaining({ code: 'psbt.malformed' });
      expect(() => decodePsbt(bytes.subarray(0, at % bytes.length))).toThrow(code);
      expect(() => decodePsbt(concat(bytes, Uint8Array.of(more)))).toThrow(code);
    }), { numRuns: 300 });
  });

  test('with any byte changed is refused by name, or read and given back as it then stands', () => {
    fc.assert(fc.property(files, fc.nat(), fc.integer({ min: 1, max: 255 }), ({ bytes }, at, change) => {
      const altered = bytes.map((byte, index) => (index === at % bytes.length ? byte ^ change : byte));
      try {
        expect(toHex(encodePsbt(decodePsbt(altered)))).toBe(toHex(altered));
      } catch (error) {
        expect(error).toBeInstanceOf(StrongroomError);
        expect((error as StrongroomError).code).toMatch(/^psbt\.(malformed|too-large|unsupported)$/);
      }
    }), { numRuns: 600 });
  });
});

test('a tree of leaves is one walk', () => {
  expect(toHex(leavesOf({ branches: [{ leaf: Uint8Array.of(1) }, { leaf: Uint8Array.of(2) }] }))).toBe(toHex(concat(Uint8Array.of(1, 0xc0), sized(Uint8Array.of(1)), Uint8Array.of(1, 0xc0), sized(Uint8Array.of(2)))));
});
