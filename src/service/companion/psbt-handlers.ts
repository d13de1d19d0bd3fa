import { sha256 } from '@noble/hashes/sha2.js';
import type { InferOutput } from 'valibot';
import { anonymousPsbtFileName, transactionFileName } from '../../airgap/file-names.ts';
import { readPsbtFile } from '../../airgap/psbt-file.ts';
import { readReplyFile } from '../../companion/reply-file.ts';
import { parseBase64, toBase64, toHex } from '../../domain/bytes.ts';
import { feeRateOf, formatFeeRate } from '../../domain/fee-rate.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { companionCoreContract } from '../../host/companion-contract.ts';
import type { Handlers } from '../../host/contract.ts';
import { decodePsbt } from '../../psbt/codec/decode.ts';
import { encodePsbt } from '../../psbt/codec/encode.ts';
import { combineGoodPsbts, combinePsbts, type CombineContext, type PartialCombination } from '../../psbt/combiner.ts';
import { extractTransaction } from '../../psbt/extractor.ts';
import { finalizePsbt } from '../../psbt/finalizer.ts';
import { versionOf } from '../../psbt/payment-versions.ts';
import { requirePlanned } from '../../psbt/plan-check.ts';
import type { FinalizedPsbt, Psbt } from '../../psbt/psbt.ts';
import { finalizeSingleKeys } from '../../psbt/single-key-finalizer.ts';
import { signersOfSingleKeys } from '../../review/single-key-signers.ts';
import { serializeTransaction, transactionId } from '../../psbt/transaction.ts';
import { reviewPsbt } from '../../review/review-psbt.ts';
import { toReviewReport } from '../../review/review-report.ts';
import { createAddressDeriver, type AddressDeriver } from '../../wallet/address.ts';
import { parseWalletFile } from '../../wallet/dialects/strongroom.ts';
import { policyIdOf } from '../../wallet/policy-id.ts';
import type { CompanionEffects } from './effects.ts';
import { keptPsbt, rememberedPayment, requireNotReplaced } from './plan-memory.ts';

type Core = Handlers<typeof companionCoreContract>;
type PsbtHandlers = Pick<Core, 'psbt.combine' | 'psbt.review' | 'psbt.finalize'>;
type CombineInput = InferOutput<(typeof companionCoreContract)['psbt.combine']['input']>;

export const psbtHandlers = (effects: CompanionEffects): PsbtHandlers => ({
  'psbt.combine': async (input) => {
    const derivers = deriversOf(input.wallet);
    const { replies, unreadable } = repliesOf(input);
    const context = await contextOf(effects, input, replies.map(({ psbt }) => psbt), derivers);
    const combine = input.leaveOutBad === true ? combineGoodPsbts : combineAll;
    const { psbt, quorum, quorums, leftOut } = combine(replies.map((reply) => reply.psbt), derivers, { ...context, names: replies.map(({ name }) => name) });
    const bytes = encodePsbt(psbt);
    const notTaken = [...unreadable, ...leftOut.map(({ position, label, error }) => leftOutFacts(label, replies[position - 1]?.position ?? position, error))];
    return {
      psbtBase64: toBase64(bytes),
      quorum: { ...quorum, signed: [...quorum.signed] },
      ...(derivers.length === 1 ? {} : { quorums: Object.fromEntries(quorums.map((each) => [policyIdOf(each.wallet).walletId, { ...each.quorum, signed: [...each.quorum.signed] }])) }),
      suggestedName: anonymousPsbtFileName(toHex(sha256(bytes)), 'combined'),
      ...(input.leaveOutBad === true ? { leftOut: notTaken } : {}),
    };
  },

  'psbt.review': ({ wallet, destinations: destinationTexts = [], psbtFileBase64 }) => {
    const bytes = psbtOf(psbtFileBase64);
    // Together, so that all are of one network.
    const own = wallet === null ? [] : [wallet].flat();
    const known = deriversOf([...own, ...destinationTexts]).map((deriver) => ({ walletId: policyIdOf(deriver.wallet).walletId, deriver }));
    const ownIds = new Set(deriversOf(own).map((deriver) => policyIdOf(deriver.wallet).walletId));
    const [wallets, destinations] = [known.filter(({ walletId }) => ownIds.has(walletId)), known.filter(({ walletId }) => !ownIds.has(walletId))];
    const { network } = (known[0] as (typeof known)[number]).deriver.wallet;
    const papers = wallet === null ? { singleKeys: signersOfSingleKeys(decodePsbt(bytes)) } : {};
    return toReviewReport(reviewPsbt(bytes, { wallets, destinations, ...papers, network, thisKey: null }));
  },

  'psbt.finalize': async ({ wallet, psbtFileBase64, planFileBase64 }) => {
    const bytes = psbtOf(psbtFileBase64);
    const signed = decodePsbt(bytes);
    const derivers = wallet === null ? [] : deriversOf(wallet);
    const planned = await plannedFor(effects, signed, planFileBase64 ?? null, derivers);
    // First of what was signed, so that another transaction is named as such and not as a faulty reply to the plan.
    if (planned !== null) requirePlanned({ bytes: serializeTransaction(signed.transaction, false) }, planned);
    const transaction = extractTransaction(derivers.length === 0 ? finalizeSingleKeys(signed) : finalizeQuorums(signed, derivers, planned), derivers[0]?.wallet.network);
    if (planned !== null) requirePlanned(transaction, planned);
    return {
      transactionHex: toHex(transaction.bytes),
      txid: transaction.txid,
      vsizeVb: transaction.vsizeVb,
      feeSats: String(transaction.feeSats),
      feeRateSatPerVb: formatFeeRate(feeRateOf(transaction.feeSats, transaction.vsizeVb)),
      suggestedName: transactionFileName(anonymousPsbtFileName(toHex(sha256(bytes)), 'final')),
      matchesPlan: planned !== null,
    };
  },
});

const combineAll = (psbts: readonly Psbt[], derivers: readonly AddressDeriver[], context: CombineContext): PartialCombination => ({ ...combinePsbts(psbts, derivers, context), leftOut: [] });

interface NamedReply {
  readonly psbt: Psbt;
  readonly name: string;
  /** From 1, among all files. */
  readonly position: number;
}

/** The files that can be read; one that cannot be is an error that names it, or is left out. */
function repliesOf({ psbtFilesBase64, names = [], leaveOutBad = false }: CombineInput): { readonly replies: readonly NamedReply[]; readonly unreadable: readonly ReturnType<typeof leftOutFacts>[] } {
  const replies: NamedReply[] = [];
  const errors: { readonly name: string; readonly position: number; readonly error: StrongroomError }[] = [];
  psbtFilesBase64.forEach((file, index) => {
    const position = index + 1;
    const name = names[index] ?? `file ${position}`;
    try {
      replies.push({ psbt: readReplyFile(parseBase64(file)), name, position });
    } catch (error) {
      if (!(error instanceof StrongroomError)) throw error;
      errors.push({ name, position, error: new StrongroomError(error.code, error.message, { ...error.details, file: name, position }, error.hint) });
    }
  });
  const [first] = errors;
  if (first !== undefined && (!leaveOutBad || replies.length === 0)) throw first.error;
  return { replies, unreadable: errors.map(({ name, position, error }) => leftOutFacts(name, position, error)) };
}

const leftOutFacts = (file: string, position: number, { code, message, hint }: StrongroomError) => ({ file, position, code, message, hint });

/** The original and the other versions: those that were named, and what the books remember. */
async function contextOf(effects: CompanionEffects, { originalFileBase64, supersededFilesBase64 = [] }: CombineInput, psbts: readonly Psbt[], derivers: readonly AddressDeriver[]): Promise<CombineContext> {
  const given = originalFileBase64 === undefined || originalFileBase64 === null ? null : decodePsbt(psbtOf(originalFileBase64));
  const superseded = supersededFilesBase64.map((file) => versionOf(readReplyFile(parseBase64(file)), 'the one that was named as replaced'));
  const ledger = await effects.begunLedger();
  if (ledger === null) return { original: given, versions: superseded };
  const { plan, original, versions } = rememberedPayment(ledger, given === null ? psbts : [given], given === null ? superseded.map(({ planId }) => planId) : []);
  // Whoever names the original has decided which version is to be sent.
  if (given === null && plan !== null) requireNotReplaced(ledger, networkOf(derivers), plan.planId, 'The transaction of these files', effects.now());
  return { original: given ?? original, versions: [...superseded, ...versions] };
}

/** The plan that was given, or the one that the books keep of this very transaction. */
async function plannedFor(effects: CompanionEffects, signed: Psbt, planFileBase64: string | null, derivers: readonly AddressDeriver[]): Promise<Psbt | null> {
  if (planFileBase64 !== null) return decodePsbt(psbtOf(planFileBase64));
  const ledger = await effects.begunLedger();
  if (ledger === null) return null;
  const planId = transactionId(signed.transaction);
  if (derivers.length > 0) requireNotReplaced(ledger, networkOf(derivers), planId, 'This transaction', effects.now());
  return keptPsbt(ledger, planId);
}

/** Combining one file alone checks every signature in it again. */
function finalizeQuorums(signed: Psbt, derivers: readonly AddressDeriver[], original: Psbt | null): FinalizedPsbt {
  return finalizePsbt(combinePsbts([signed], derivers, { original }).psbt, derivers);
}

/**
 * @throws StrongroomError `network.mismatch` for wallets of several networks, and what the wallets' files throw
 */
function deriversOf(wallet: string | readonly string[]): readonly AddressDeriver[] {
  const byId = new Map([wallet].flat().map(parseWalletFile).map((parsed) => [policyIdOf(parsed).walletId, parsed]));
  const wallets = [...byId.values()];
  const other = wallets.find(({ network }) => network !== wallets[0]?.network);
  if (other !== undefined) {
    throw new StrongroomError('network.mismatch', `The wallets "${wallets[0]?.name}" and "${other.name}" are of different networks.`, { first: wallets[0]?.network ?? '', second: other.network }, 'Name wallets of one network.');
  }
  return wallets.map(createAddressDeriver);
}

const networkOf = (derivers: readonly AddressDeriver[]) => (derivers[0] as AddressDeriver).wallet.network;

const psbtOf = (fileBase64: string): Uint8Array => readPsbtFile(parseBase64(fileBase64));
