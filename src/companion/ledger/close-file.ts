import { sha256 } from '@noble/hashes/sha2.js';
import * as v from 'valibot';
import { toHex, utf8 } from '../../domain/bytes.ts';
import { networkNames } from '../../domain/network.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { canonicalJson, type JsonValue } from './canonical-json.ts';
import type { CloseReport } from './period.ts';

const Hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const Height = v.pipe(v.number(), v.integer(), v.minValue(0));
const Amount = v.pipe(v.string(), v.regex(/^-?(0|[1-9][0-9]{0,18})$/));
const Words = v.pipe(v.string(), v.maxLength(1000));
const Block = v.strictObject({ height: Height, hash: Hash });

/** The JSON of a close. Amounts are satoshis as decimal strings; `transactions` are by height and id. */
export const CloseDocument = v.strictObject({
  format: v.literal('strongroom-close'),
  version: v.literal(1),
  network: v.picklist(networkNames),
  from: Block,
  to: Block,
  previous: v.nullable(v.strictObject({ sha256: Hash, to: Block })),
  wallets: v.array(v.strictObject({
    walletId: Words, name: Words, openingSats: Amount, receiptsSats: Amount, paymentsSats: Amount, transfersInSats: Amount, transfersOutSats: Amount, feesSats: Amount, closingSats: Amount,
    transactions: Height,
  })),
  transactions: v.array(v.strictObject({
    txid: Hash, height: Height, blockHash: v.nullable(Hash), references: v.array(Words), costCodes: v.array(Words),
    wallets: v.array(v.strictObject({
      walletId: Words, kind: Words, changeSats: Amount, feeSats: v.nullable(Amount), receiptsSats: Amount, paymentsSats: Amount, transfersInSats: Amount, transfersOutSats: Amount,
    })),
  })),
  exceptions: v.array(v.strictObject({ code: Words, subject: Words, detail: Words })),
});
export type CloseDocument = v.InferOutput<typeof CloseDocument>;

const texts = <T extends Readonly<Record<string, unknown>>>(facts: T): { [Key in keyof T]: T[Key] extends bigint ? string : T[Key] extends bigint | null ? string | null : T[Key] } =>
  Object.fromEntries(Object.entries(facts).map(([key, value]) => [key, typeof value === 'bigint' ? String(value) : value])) as never;

/** A close as its canonical file, and the hash that names it. */
export function closeFile(report: CloseReport): { readonly document: CloseDocument; readonly content: string; readonly sha256: string } {
  const document: CloseDocument = {
    format: 'strongroom-close',
    version: 1,
    network: report.network,
    from: { ...report.from },
    to: { ...report.to },
    previous: report.previous === null ? null : { sha256: report.previous.sha256, to: { ...report.previous.to } },
    wallets: report.wallets.map((wallet) => texts({ ...wallet })),
    transactions: report.transactions.map(({ legs, references, costCodes, ...transaction }) => ({ ...transaction, references: [...references], costCodes: [...costCodes], wallets: legs.map((leg) => texts({ ...leg })) })),
    exceptions: report.exceptions.map((exception) => ({ ...exception })),
  };
  const content = canonicalJson(document as unknown as JsonValue);
  return { document, content, sha256: toHex(sha256(utf8(content))) };
}

/**
 * Reads a close's file; only its canonical text is one, so that one close has one hash.
 * @throws StrongroomError `close.malformed`
 */
export function readCloseFile(content: string): { readonly document: CloseDocument; readonly sha256: string } {
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch {
    throw malformed('json');
  }
  const parsed = v.safeParse(CloseDocument, json);
  if (!parsed.success) throw malformed('shape');
  if (canonicalJson(parsed.output as unknown as JsonValue) !== content) throw malformed('not-canonical');
  return { document: parsed.output, sha256: toHex(sha256(utf8(content))) };
}

const malformed = (reason: string): StrongroomError =>
  new StrongroomError('close.malformed', 'The file is not a period close, or was changed since it was written.', { reason }, 'Use the JSON file that "ledger close" wrote, byte for byte.');
