import type { SignerHost } from '../../host/client.ts';
import type { NetworkName } from '../../frame/networks.ts';
import type { WalletScript as AccountScript } from '../../../src/host/wallet-scripts.ts';
import { passphraseProblem } from '../keys/passphrase-problem.ts';
import { chanceProblem, noTexts, type UserTexts } from '../keys/user-sources.ts';

/** What a person can have made on paper. */
export type What = 'seed' | 'shares' | 'cosigner-card' | 'wallet' | 'deposit-addresses' | 'paper-wallets' | 'template';

/** What the host is asked to prepare. */
export type Order = Parameters<SignerHost['sheet.prepare']>[0]['order'];
type SheetOrder = Extract<Order, { what: 'sheet' }>['order'];
type SharePlan = Extract<Order, { what: 'shares' }>['order']['plan'];
type WalletOrder = Extract<Order, { what: 'paper-wallets' }>['order'];
export type TemplateName = Extract<SheetOrder['content'], { kind: 'template' }>['template'];
export type WalletScript = WalletOrder['script'];
export type SecretForm = WalletOrder['secret']['form'];
export type Scheme = SharePlan['scheme'];

/** A group of SLIP-39 shares: any `threshold` of its `count`. */
export interface ShareGroup {
  readonly threshold: number;
  readonly count: number;
}

/** Everything that the form can hold, so that a change of mind loses nothing. Numbers stand as they were typed. */
export interface OrderForm {
  readonly what: What;
  /** `null`: the first open key that fits. */
  readonly keyHandle: string | null;
  /** Name of the registration's file on the shelf; `null`: the first that fits the key. */
  readonly registration: string | null;
  /** `null`: what this laptop is usually for. */
  readonly network: NetworkName | null;
  readonly pageSize: 'a4' | 'letter';
  readonly label: string;
  readonly serial: string;
  readonly date: string;
  readonly filling: 'printed' | 'by-hand';
  /** The type of wallet that a cosigner card is for. */
  readonly cardScript: AccountScript;
  readonly account: string;
  /** ISO date before the wallet's first payment; empty scans the whole chain. */
  readonly bornAt: string;
  readonly firstIndex: string;
  readonly addressCount: string;
  readonly template: TemplateName;
  readonly scheme: Scheme;
  readonly groupThreshold: number;
  readonly groups: readonly ShareGroup[];
  readonly codexThreshold: number;
  readonly codexCount: number;
  readonly xorParts: number;
  readonly sharePassphrase: string;
  readonly script: WalletScript;
  readonly walletCount: string;
  readonly secret: SecretForm;
  readonly passphrase: string;
  readonly passphraseAgain: string;
  /** What was thrown, drawn or typed for new paper wallets. */
  readonly entropy: UserTexts;
}

export const emptyForm: OrderForm = {
  what: 'seed', keyHandle: null, registration: null, network: null, pageSize: 'a4', label: '', serial: '', date: '',
  filling: 'printed', cardScript: 'p2wsh', account: '0', bornAt: '', firstIndex: '0', addressCount: '10', template: 'seed-24',
  scheme: 'slip39', groupThreshold: 1, groups: [{ threshold: 2, count: 3 }], codexThreshold: 2, codexCount: 3, xorParts: 2, sharePassphrase: '',
  script: 'p2wpkh', walletCount: '1', secret: 'secure-print', passphrase: '', passphraseAgain: '', entropy: noTexts,
};

/** The form without what nobody should find in it later. */
export const withoutSecrets = (form: OrderForm): OrderForm => ({ ...form, sharePassphrase: '', passphrase: '', passphraseAgain: '', entropy: noTexts });

/** Which sheets need an open key, and which a registered wallet besides. */
export const needsKey = (what: What): boolean => what !== 'paper-wallets' && what !== 'template';
export const needsWallet = (what: What): boolean => what === 'wallet' || what === 'deposit-addresses';

/** Whether the sheet is a form for handwriting, on which nothing secret is printed. */
export const isForHandwriting = (form: OrderForm): boolean => form.what === 'template' || (form.what === 'seed' && form.filling === 'by-hand');

/** A whole number within its bounds, or `null`. */
export function wholeNumber(typed: string, least: number, most: number): number | null {
  const text = typed.trim();
  if (!/^[0-9]{1,7}$/.test(text)) return null;
  const number = Number(text);
  return number >= least && number <= most ? number : null;
}

/** A day that the calendar has, as ISO 8601 writes it. */
function isDate(text: string): boolean {
  const at = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

/** Why shares cannot be made by this plan, or `null`. */
function planProblem(form: OrderForm): string | null {
  if (form.scheme === 'codex32') return form.codexThreshold > form.codexCount ? `More sheets are needed (${form.codexThreshold}) than there would be (${form.codexCount}).` : null;
  if (form.scheme === 'seed-xor') return null;
  const bad = form.groups.findIndex((group) => group.threshold > group.count);
  if (bad !== -1) return `Group ${bad + 1} needs more sheets than it has.`;
  // SLIP-39: a group of which one sheet suffices has one sheet, or copies of it would pass for shares.
  const copies = form.groups.findIndex((group) => group.threshold === 1 && group.count > 1);
  if (copies !== -1) return `Group ${copies + 1}: where one sheet suffices there is only one; several would be copies. Make it 1 of 1 or need at least 2.`;
  if (form.groupThreshold > form.groups.length) return `More groups are needed (${form.groupThreshold}) than there are (${form.groups.length}).`;
  return null;
}

/** A batch's secret is 256 bits, like a key of 24 words. */
const WORDS_WORTH = 24;

function walletProblem(form: OrderForm): string | null {
  if (wholeNumber(form.walletCount, 1, 500) === null) return 'Choose 1 to 500 paper wallets.';
  const passphrase = form.secret === 'bip38' ? passphraseProblem(form.passphrase, form.passphraseAgain) : null;
  return passphrase ?? chanceProblem(form.entropy, WORDS_WORTH);
}

/** Longest serials, so that what is added to them still fits on a sheet: `-001-P`, `-01`. */
const serialLimit = (what: What): number => (what === 'paper-wallets' ? 18 : what === 'shares' ? 21 : 24);

/** What of the form does not fit yet, in words, or `null`. @param chosen the open key and the wallet that the form stands for */
export function orderProblem(form: OrderForm, chosen: { readonly keyHandle: string | null; readonly registration: string | null }): string | null {
  if (needsKey(form.what) && chosen.keyHandle === null) return form.what === 'seed' || form.what === 'shares' ? 'Unlock the key first, in Keys. It must hold words or entropy.' : 'Unlock a key first, in Keys.';
  if (needsWallet(form.what) && chosen.registration === null) return 'No wallet is registered with this key. Register it first, in Wallets.';
  const limit = serialLimit(form.what);
  if (form.serial !== '' && (form.serial.length > limit || !/^[A-Z0-9](?:[A-Z0-9-]*[A-Z0-9])?$/.test(form.serial))) return `A serial here is 1 to ${limit} capitals, digits and hyphens.`;
  if (form.date !== '' && !isDate(form.date)) return 'The date has the form 2026-11-22.';
  if (form.label.trim() !== '' && ([...form.label].length > 60 || /\p{C}/u.test(form.label))) return 'A label has at most 60 characters.';
  switch (form.what) {
    case 'cosigner-card':
      return wholeNumber(form.account, 0, 999) === null ? 'An account is a number from 0 to 999.' : null;
    case 'wallet':
      return form.bornAt === '' || isDate(form.bornAt) ? null : 'The day before the first payment has the form 2026-11-22.';
    case 'deposit-addresses':
      if (wholeNumber(form.firstIndex, 0, 999_999) === null) return 'The first address has a number from 0 to 999999.';
      return wholeNumber(form.addressCount, 1, 50) === null ? 'Choose 1 to 50 addresses.' : null;
    case 'shares':
      return planProblem(form);
    case 'paper-wallets':
      return walletProblem(form);
    case 'seed':
    case 'template':
      return null;
  }
}

function sharePlan(form: OrderForm): SharePlan {
  switch (form.scheme) {
    case 'slip39':
      return { scheme: 'slip39', groupThreshold: form.groupThreshold, groups: form.groups.map((group) => ({ ...group })), passphrase: form.sharePassphrase };
    case 'codex32':
      return { scheme: 'codex32', threshold: form.codexThreshold, count: form.codexCount };
    case 'seed-xor':
      return { scheme: 'seed-xor', parts: form.xorParts };
  }
}

function walletSecret(form: OrderForm): WalletOrder['secret'] {
  return form.secret === 'bip38' ? { form: 'bip38', passphrase: form.passphrase } : { form: form.secret };
}

/** What the form orders; only of a form without a problem. @param chosen the key, the registration's text and the network that the form stands for */
export function orderOf(form: OrderForm, chosen: { readonly keyHandle: string; readonly registration: string; readonly network: NetworkName }): Order {
  const { keyHandle, registration, network } = chosen;
  const print = { serial: form.serial === '' ? null : form.serial, date: form.date === '' ? null : form.date, pageSize: form.pageSize };
  const label = form.label.trim() === '' ? null : form.label.trim();
  const sheet = (content: SheetOrder['content']): Order => ({ what: 'sheet', order: { content, ...print } });
  switch (form.what) {
    case 'seed':
      return sheet({ kind: 'seed', keyHandle, filling: form.filling, label });
    case 'cosigner-card':
      return sheet({ kind: 'cosigner-card', keyHandle, script: form.cardScript, account: Number(form.account), label });
    case 'wallet':
      return sheet({ kind: 'wallet', keyHandle, registration, bornAt: form.bornAt === '' ? 0 : Date.parse(`${form.bornAt}T00:00:00Z`) / 1000 });
    case 'deposit-addresses':
      return sheet({ kind: 'deposit-addresses', keyHandle, registration, index: Number(form.firstIndex), count: Number(form.addressCount) });
    case 'template':
      return sheet({ kind: 'template', template: form.template, network, label });
    case 'shares':
      return { what: 'shares', order: { keyHandle, plan: sharePlan(form), label, ...print } };
    case 'paper-wallets':
      return { what: 'paper-wallets', order: { network, script: form.script, count: Number(form.walletCount), secret: walletSecret(form), ...form.entropy, label, ...print } };
  }
}
