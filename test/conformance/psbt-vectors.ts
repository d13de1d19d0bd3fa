/** Published PSBTs, read where the suites run; shared by the suites of the codec. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readPsbtFile } from '../../src/airgap/psbt-file.ts';
import { equalBytes, parseHex, toHex, utf8 } from '../../src/domain/bytes.ts';
import { decodePsbt } from '../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../src/psbt/codec/encode.ts';
import type { Psbt } from '../../src/psbt/psbt.ts';
import { transactionId } from '../../src/psbt/transaction.ts';

const folder = process.env.STRONGROOM_VECTORS ?? join(import.meta.dirname, '../../../shared/vectors');

export const vectorText = (path: string): string => readFileSync(join(folder, path), 'utf8');
export const vectorBytes = (path: string): Uint8Array => new Uint8Array(readFileSync(join(folder, path)));
export const vectorJson = <T>(path: string): T => JSON.parse(vectorText(path)) as T;

/** A case of a standard's own test vectors. */
export interface StandardVector {
  readonly section?: string;
  readonly expect?: 'valid' | 'invalid';
  readonly case: string;
  readonly step: string | null;
  readonly hex: string;
  readonly base64: string;
}

/** Node's lenient base64: some published cases are not canonical and must fail for what they hold, too. */
export const lenientBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

export const errorCode = (code: string) => expect.objectContaining({ code });

/**
 * The file is read in each of its forms, comes back byte for byte, and says the same transaction in the other version, out
 * of which the first comes back.
 */
export function expectRoundTrip(bytes: Uint8Array): Psbt {
  const psbt = decodePsbt(bytes);
  expect(toHex(encodePsbt(psbt))).toBe(toHex(bytes));
  for (const form of [bytes, utf8(toHex(bytes)), utf8(Buffer.from(bytes).toString('base64'))]) expect(equalBytes(readPsbtFile(form), bytes)).toBe(true);
  const other = psbt.version === 0 ? 2 : 0;
  const converted = decodePsbt(encodePsbt(psbt, { version: other }));
  expect([converted.version, transactionId(converted.transaction)]).toEqual([other, transactionId(psbt.transaction)]);
  // What a transaction cannot hold is lost on the way from version 2; nothing is on the way from version 0, but its stated version.
  const back = decodePsbt(encodePsbt(converted, { version: psbt.version }));
  const bare = ({ version2: _, fieldOrder: __, ...rest }: Psbt): object => ({ ...rest, globalFields: rest.globalFields.filter(({ keyType }) => keyType !== 0xfb) });
  expect(bare(back)).toEqual(bare(psbt));
  return psbt;
}

export const expectRoundTripOfHex = (hex: string): Psbt => expectRoundTrip(parseHex(hex));

/** @returns the code of the refusal */
export function refusalOf(bytes: Uint8Array): string {
  try {
    decodePsbt(bytes);
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'read';
}

/** Every text within that is the base64 of a PSBT, with the path to it, in order. */
export function psbtsWithin(value: unknown, path = ''): { readonly path: string; readonly base64: string }[] {
  if (typeof value === 'string') return value.startsWith('cHNidP') ? [{ path, base64: value }] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => psbtsWithin(part, path === '' ? name : `${path}.${name}`));
}
