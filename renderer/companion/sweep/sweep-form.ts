import type { CompanionHost } from '../../host/client.ts';
import { satsFromBtc } from '../../ui/amount-text.ts';
import { chosenWallet, walletById, type NodeUrl, type ReadySession, type StoredWallet } from '../session.ts';

type PrepareInput = Parameters<CompanionHost['sweep.prepare']>[0];
type RefillInput = Parameters<CompanionHost['refill.plan']>[0];
export type Policy = PrepareInput['policy'];

/** What is hot: the node's own wallet, a wallet that is watched, or addresses. */
export type HotKind = 'node' | 'wallet' | 'addresses';

export interface SweepForm {
  readonly direction: 'sweep' | 'refill';
  /** Wallet id of the cold wallet; `null` for the only one. */
  readonly walletId: string | null;
  /** `null` for the first that there is. */
  readonly hot: HotKind | null;
  readonly hotWalletId: string | null;
  /** One a line; of a refill the one that it goes to. */
  readonly addresses: string;
  /** What stays hot, in BTC as typed; empty for nothing. Of a refill: below this it is made. */
  readonly floorBtc: string;
  /** Of a refill: what the hot wallet then holds. */
  readonly targetBtc: string;
  /** sat/vB as typed; empty for the node's estimate. */
  readonly feeRate: string;
  readonly ceilingBtc: string;
  readonly budgetSats: string;
  readonly budgetPercent: string;
  readonly longTermRate: string;
  readonly leastConfirmations: string;
  readonly mostConfirmations: string;
  /** Words between commas or spaces. */
  readonly tags: string;
  readonly excludeTags: string;
  readonly split: boolean;
}

export const emptySweepForm: SweepForm = {
  direction: 'sweep', walletId: null, hot: null, hotWalletId: null, addresses: '', floorBtc: '', targetBtc: '', feeRate: '',
  ceilingBtc: '', budgetSats: '', budgetPercent: '', longTermRate: '', leastConfirmations: '', mostConfirmations: '', tags: '', excludeTags: '', split: false,
};

/** The hot side that a form means. */
export type HotSide =
  | { readonly kind: 'node'; readonly name: string }
  | { readonly kind: 'wallet'; readonly wallet: StoredWallet }
  | { readonly kind: 'addresses' };

/** What a sweep or a refill needs to be there. */
export interface SweepBasis {
  readonly node: NodeUrl;
  readonly hot: HotSide;
  readonly cold: StoredWallet;
}

/** The kinds of hot sides that there are to choose from. */
export function hotKinds(session: Pick<ReadySession, 'settings' | 'wallets'>): readonly HotKind[] {
  return [...(session.settings.hotWallet === null ? [] : ['node' as const]), ...(session.wallets.length > 1 ? ['wallet' as const] : []), 'addresses'];
}

/** The hot side that was chosen, or the first that there is. A wallet is never both hot and cold. */
export function hotSideOf(form: Pick<SweepForm, 'hot' | 'hotWalletId'>, session: ReadySession, cold: StoredWallet): HotSide {
  const kinds = hotKinds(session);
  const kind = form.hot !== null && kinds.includes(form.hot) ? form.hot : kinds[0];
  if (kind === 'node' && session.settings.hotWallet !== null) return { kind, name: session.settings.hotWallet };
  if (kind !== 'wallet') return { kind: 'addresses' };
  const chosen = form.hotWalletId === null || form.hotWalletId === cold.policy.walletId ? undefined : walletById(session, form.hotWalletId);
  const wallet = chosen ?? otherWallets(session, cold)[0];
  return wallet === undefined ? { kind: 'addresses' } : { kind, wallet };
}

export const otherWallets = (session: Pick<ReadySession, 'wallets'>, cold: StoredWallet): readonly StoredWallet[] => session.wallets.filter(({ policy }) => policy.walletId !== cold.policy.walletId);

/** Where money goes to or comes from, and through which node; `null` where there is no node or no wallet. */
export function basisOf(form: SweepForm, session: ReadySession): SweepBasis | null {
  const cold = chosenWallet(session, form.walletId);
  const { node } = session.settings;
  return node === null || cold === undefined ? null : { node, hot: hotSideOf(form, session, cold), cold };
}

/** sat/vB with at most three decimals, or empty for the node's estimate. */
export const feeRateProblem = (typed: string): string | null =>
  typed.trim() === '' || /^(0|[1-9]\d{0,6})(\.\d{1,3})?$/.test(typed.trim()) ? null : 'A number in sat/vB with at most three decimals, such as 4.5.';

export const floorProblem = (typed: string): string | null =>
  typed.trim() === '' || satsFromBtc(typed) !== null ? null : 'An amount in BTC with at most eight decimals, such as 0.5.';

export const satsProblem = (typed: string): string | null => (typed.trim() === '' || /^(0|[1-9]\d{0,15})$/.test(typed.trim()) ? null : 'A whole number of sats, such as 20000.');
export const percentProblem = (typed: string): string | null => (typed.trim() === '' || /^(0|[1-9]\d{0,2})(\.\d{1,2})?$/.test(typed.trim()) ? null : 'A percentage with at most two decimals, such as 0.5.');
export const countProblem = (typed: string): string | null => (typed.trim() === '' || /^[1-9]\d{0,6}$/.test(typed.trim()) ? null : 'A whole number from 1, such as 6.');

/** Tags as people write them: between commas, semicolons or spaces, with or without a hash. */
export const typedTags = (typed: string): string[] => [...new Set(typed.split(/[\s,;]+/).map((tag) => tag.replace(/^#/, '')).filter((tag) => tag !== ''))];

const orNull = (typed: string): string | null => (typed.trim() === '' ? null : typed.trim());
const countOf = (typed: string): number | null => (typed.trim() === '' ? null : Number(typed.trim()));
const satsOf = (typed: string): string | null => (typed.trim() === '' ? null : satsFromBtc(typed));
const tagsOf = (typed: string): string[] | null => (typedTags(typed).length === 0 ? null : typedTags(typed));

/** The first thing that is wrong with the form, in words, or `null`. */
export function formProblem(form: SweepForm, hot: HotSide): string | null {
  const { direction, addresses, floorBtc, targetBtc, feeRate } = form;
  const common = floorProblem(floorBtc) ?? feeRateProblem(feeRate);
  const noAddress = hot.kind === 'addresses' && addresses.trim() === '';
  if (direction === 'refill') {
    if (common !== null) return common;
    if (noAddress) return 'Give the address that is refilled first.';
    if (floorBtc.trim() === '' || targetBtc.trim() === '') return 'Say below what it is refilled, and up to what.';
    return floorProblem(targetBtc);
  }
  return common ?? (noAddress ? 'Give the addresses that are swept first.' : null) ?? floorProblem(form.ceilingBtc) ?? satsProblem(form.budgetSats) ?? percentProblem(form.budgetPercent)
    ?? feeRateProblem(form.longTermRate) ?? countProblem(form.leastConfirmations) ?? countProblem(form.mostConfirmations);
}

/** The limits that were typed; none of those that were left empty. */
export function policyOf(form: SweepForm): Policy {
  return {
    floorSats: satsOf(form.floorBtc), ceilingSats: satsOf(form.ceilingBtc), budgetSats: orNull(form.budgetSats), budgetPercent: orNull(form.budgetPercent),
    longTermFeeRate: orNull(form.longTermRate), leastConfirmations: countOf(form.leastConfirmations), mostConfirmations: countOf(form.mostConfirmations),
    tags: tagsOf(form.tags), excludeTags: tagsOf(form.excludeTags),
  };
}

/** How many limits stand behind the disclosure, so that a closed one does not hide them. */
export const conditionsSet = (form: SweepForm): number =>
  [form.ceilingBtc, form.budgetSats, form.budgetPercent, form.longTermRate, form.leastConfirmations, form.mostConfirmations, form.tags, form.excludeTags].filter((typed) => typed.trim() !== '').length + (form.split ? 1 : 0);

function sourceOf(hot: HotSide, addresses: string): PrepareInput['source'] {
  switch (hot.kind) {
    case 'node': return { kind: 'node-wallet', name: hot.name };
    case 'wallet': return { kind: 'wallets', wallets: [hot.wallet.wallet] };
    case 'addresses': return { kind: 'addresses', addresses };
  }
}

export const prepareRequest = (form: SweepForm, { node, hot, cold }: SweepBasis): PrepareInput => ({
  source: sourceOf(hot, form.addresses), to: cold.wallet, node, feeRate: orNull(form.feeRate), policy: policyOf(form), split: form.split,
});

function targetOf(hot: HotSide, addresses: string): RefillInput['to'] {
  switch (hot.kind) {
    case 'node': return { kind: 'node-wallet', name: hot.name };
    case 'wallet': return { kind: 'wallet', wallet: hot.wallet.wallet };
    case 'addresses': return { kind: 'address', address: addresses.trim() };
  }
}

export const refillRequest = (form: SweepForm, { node, hot, cold }: SweepBasis): RefillInput => ({
  wallet: cold.wallet, to: targetOf(hot, form.addresses), node, feeRate: orNull(form.feeRate), floorSats: satsOf(form.floorBtc) ?? '0', targetSats: satsOf(form.targetBtc) ?? '0',
});

/** What the hot side is called in a sentence. */
export function hotWords(hot: HotSide): string {
  switch (hot.kind) {
    case 'node': return `"${hot.name}"`;
    case 'wallet': return hot.wallet.policy.name;
    case 'addresses': return 'the addresses';
  }
}
