import type { Transaction } from 'bitcoinjs-lib/src/transaction';
import { feeRateOf, formatFeeRate } from '../domain/fee-rate.ts';
import { formatOutpoint } from '../domain/outpoint.ts';
import { StrongroomError, type ErrorDetails } from '../errors/strongroom-error.ts';
import type { AddressDeriver } from '../wallet/address.ts';
import { expectedVsize, walletInputWeight } from './expected-size.ts';
import { ownerOf } from './owner.ts';
import { previousOutputs } from './previous-outputs.ts';
import type { Psbt, PsbtInput, TxOutput } from './psbt.ts';
import { isOriginal, labelsOf, replyDetails, type Reply } from './reply.ts';
import { inputOriginsOf } from './taproot-fields.ts';
import { transactionId, txidOfHash } from './transaction.ts';

/**
 * A version of a payment that was replaced: it spends at least one output that the current version spends too, so that only one of
 * them can ever be confirmed.
 */
export interface PaymentVersion {
  /** Id of its transaction without signatures. */
  readonly planId: string;
  /** What errors call it: when it was planned, or its file's name. */
  readonly label: string;
  /** Unsigned or not; asked for only where it is needed. */
  readonly psbt: Psbt;
}

export const versionOf = (psbt: Psbt, label: string): PaymentVersion => ({ planId: transactionId(psbt.transaction), label, psbt });

/** The outputs that a transaction spends, as `txid:vout`. */
export const spentOutpoints = ({ ins }: Transaction): readonly string[] => ins.map(({ hash, index }) => formatOutpoint({ txid: txidOfHash(hash), vout: index }));

/**
 * That all files are of one transaction, and that of the planned original where there is one; and that this is no version which
 * was replaced.
 * @throws StrongroomError `psbt.superseded` for a file of another version of the payment; `psbt.mixed-transactions`, which says
 * which file is of which transaction
 */
export function requireOneTransaction(replies: readonly Reply[], versions: readonly PaymentVersion[], derivers: readonly AddressDeriver[]): void {
  const byId = Map.groupBy(replies, ({ psbt }) => transactionId(psbt.transaction));
  const original = replies.find(isOriginal);
  const originalId = original === undefined ? null : transactionId(original.psbt.transaction);
  const replaced = new Map(versions.filter(({ planId }) => planId !== originalId).map((version) => [version.planId, version]));
  const currentId = originalId ?? mostFiles(new Map([...byId].filter(([id]) => !replaced.has(id))));
  const current = currentId === null ? undefined : byId.get(currentId)?.[0]?.psbt;
  for (const [id, [reply]] of byId) {
    const isReplaced = replaced.has(id) || (originalId !== null && id !== originalId && sharesInput((reply as Reply).psbt, current));
    if (isReplaced) throw superseded(reply as Reply, current ?? null, replies, versions, derivers);
  }
  if (byId.size > 1) throw mixed(byId, currentId);
}

/** The transaction that most of the files are of; `null` where as many are of another. */
function mostFiles(byId: ReadonlyMap<string, readonly Reply[]>): string | null {
  const [first, second] = [...byId].sort(([, a], [, b]) => b.length - a.length);
  return first === undefined || second?.[1].length === first[1].length ? null : first[0];
}

function sharesInput(psbt: Psbt, other: Psbt | undefined): boolean {
  const spent = new Set(spentOutpoints(psbt.transaction));
  return other !== undefined && spentOutpoints(other.transaction).some((outpoint) => spent.has(outpoint));
}

function mixed(byId: ReadonlyMap<string, readonly Reply[]>, currentId: string | null): StrongroomError {
  const groups = [...byId];
  const transactions = groups.slice(0, 20).map(([id, replies]) => `${id} (${labelsOf(replies)})`).join('; ');
  const odd = currentId === null ? undefined : groups.find(([id]) => id !== currentId)?.[1][0];
  const [first, ...others] = groups.map(([, [reply]]) => (reply as Reply).psbt);
  const hint = others.some((other) => sharesInput(other, first))
    ? 'They spend the same outputs, so they are versions of one payment: add the unsigned file of the right one as the original.'
    : 'Combine only replies to the same unsigned file.';
  return new StrongroomError('psbt.mixed-transactions', `The files are of ${byId.size} transactions: ${transactions}.`, { files: groups.reduce((sum, [, replies]) => sum + replies.length, 0), transactions, ...(odd === undefined ? {} : replyDetails(odd)) }, hint);
}

function superseded(reply: Reply, current: Psbt | null, replies: readonly Reply[], versions: readonly PaymentVersion[], derivers: readonly AddressDeriver[]): StrongroomError {
  const known = knownOutputs([...replies.map(({ psbt }) => psbt), ...versions.map(({ psbt }) => psbt)]);
  return supersededBy(replyDetails(reply), factsOf(reply.psbt, known, derivers), current === null ? null : factsOf(current, known, derivers));
}

/** What tells one version of a payment from another. */
export interface VersionFacts {
  /** Id of the transaction without signatures. */
  readonly planId: string;
  /** sat/vB; `null` where an amount is not known. */
  readonly feeRate: string | null;
}

/** @param current `null` where it is not known what took its place */
export function supersededBy(file: { readonly file: string; readonly position?: number }, version: VersionFacts, current: VersionFacts | null): StrongroomError {
  const said = ({ planId, feeRate }: VersionFacts): string => (feeRate === null ? `transaction ${planId}` : `${feeRate} sat/vB, transaction ${planId}`);
  const now = current === null ? 'it was replaced' : `the current version is another (${said(current)})`;
  const details: ErrorDetails = {
    ...file, txid: version.planId,
    ...(version.feeRate === null ? {} : { feeRateSatPerVb: version.feeRate }),
    ...(current === null ? {} : { currentTxid: current.planId }),
    ...(current === null || current.feeRate === null ? {} : { currentFeeRateSatPerVb: current.feeRate }),
  };
  return new StrongroomError('psbt.superseded', `${file.file} is of an earlier version of this payment (${said(version)}); ${now}.`, details, 'Have the cosigner sign the file of the current version. Destroy the old one, so that nobody sends it.');
}

/** What outputs the files state that they spend, proven or claimed. For words only: nothing is signed or sent by it. */
export function knownOutputs(psbts: readonly Psbt[]): ReadonlyMap<string, TxOutput> {
  const known = new Map<string, TxOutput>();
  for (const psbt of psbts) {
    const outpoints = spentOutpoints(psbt.transaction);
    previousOutputs(psbt).forEach((previous, index) => {
      const output = previous.proof === null ? psbt.inputs[index]?.witnessUtxo : previous.output;
      const outpoint = outpoints[index] as string;
      if (output !== undefined && (previous.proof !== null || !known.has(outpoint))) known.set(outpoint, output);
    });
  }
  return known;
}

/**
 * @param derivers of the wallets whose inputs can be sized; of other inputs the size is not known, nor then the fee rate
 * @param signedVsizeVb where the version is signed
 */
export function factsOf({ transaction, inputs }: Psbt, known: ReadonlyMap<string, TxOutput>, derivers: readonly AddressDeriver[], signedVsizeVb: number | null = null): VersionFacts {
  const planId = transactionId(transaction);
  const spent = spentOutpoints(transaction).flatMap((outpoint) => known.get(outpoint) ?? []);
  const paidSats = transaction.outs.reduce((sum, { value }) => sum + value, 0n);
  const feeSats = spent.reduce((sum, { amountSats }) => sum + amountSats, 0n) - paidSats;
  if (spent.length < transaction.ins.length || feeSats < 0n) return { planId, feeRate: null };
  const rateAt = (vsizeVb: number): VersionFacts => ({ planId, feeRate: formatFeeRate(feeRateOf(feeSats, vsizeVb)) });
  if (signedVsizeVb !== null) return rateAt(signedVsizeVb);
  const weights = spent.flatMap(({ scriptPubKey }, index) => {
    const owner = ownerOf(derivers, scriptPubKey, inputOriginsOf(inputs[index] as PsbtInput));
    return owner === null ? [] : [walletInputWeight(owner.deriver.wallet)];
  });
  return weights.length < spent.length ? { planId, feeRate: null } : rateAt(expectedVsize(transaction, weights));
}
