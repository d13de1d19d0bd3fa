import type { IconName } from '../../ui/icon.tsx';
import type { JobSheet, Part } from './job-state.ts';
import type { CustodyStateName } from './register-state.ts';
import type { TemplateName, What } from './order-form.ts';

/** Sheets, parts and states in the words of the window. */

export const kindNames: Readonly<Record<JobSheet['kind'], string>> = {
  'paper-wallet': 'Paper wallet', seed: 'Seed sheet', share: 'Share', 'cosigner-card': 'Cosigner card', wallet: 'Wallet sheet', 'deposit-addresses': 'Deposit addresses', template: 'Blank form',
};

interface PartWords {
  readonly name: string;
  readonly icon: IconName;
  readonly tag: string;
}

/** A part by name, sign and colour; a form for handwriting is no secret yet. */
export function partWords(part: Part, isBlank = false): PartWords {
  if (part === 'public') return { name: 'Public', icon: 'eye', tag: 'tag' };
  return isBlank ? { name: 'Secret once filled in', icon: 'lock-closed', tag: 'tag' } : { name: 'Secret', icon: 'lock-closed', tag: 'tag tag-danger' };
}

/** "Paper wallet, key" and "Paper wallet, address": the two sheets of one wallet have one kind. */
export function sheetName(sheet: Pick<JobSheet, 'kind' | 'part'>): string {
  if (sheet.kind !== 'paper-wallet') return kindNames[sheet.kind];
  return sheet.part === 'secret' ? 'Paper wallet: key' : 'Paper wallet: address';
}

interface StateWords {
  readonly name: string;
  readonly icon: IconName;
  readonly tag: string;
  readonly meaning: string;
}

export const stateWords: Readonly<Record<CustodyStateName, StateWords>> = {
  printed: { name: 'printed, not proven', icon: 'caution', tag: 'tag tag-caution', meaning: 'It is on paper, and nobody has read it back. It does not count as made.' },
  made: { name: 'made', icon: 'check', tag: 'tag tag-verified', meaning: 'The print was read back and is this sheet.' },
  sealed: { name: 'sealed', icon: 'sealed', tag: 'tag tag-verified', meaning: 'It lies in a numbered bag.' },
  reprinted: { name: 'replaced', icon: 'note', tag: 'tag', meaning: 'Another sheet took its place.' },
  void: { name: 'void', icon: 'cross', tag: 'tag', meaning: 'Destroyed, spoilt or lost.' },
};

interface WhatWords {
  readonly name: string;
  readonly line: string;
  readonly tag: 'public' | 'secret' | 'has secrets' | 'by hand';
  /** What it is for and what to mind. */
  readonly purpose: string;
}

/** What can be made, in the order in which a treasury needs it. */
export const whatWords: Readonly<Record<What, WhatWords>> = {
  seed: { name: 'Seed sheet', line: 'The words of a key', tag: 'secret', purpose: 'The words that are the key, numbered, with a code to scan. Printed, or as a form to fill in by hand.' },
  shares: { name: 'Shares', line: 'A key divided over several sheets', tag: 'secret', purpose: 'A key divided so that several people must bring their sheets together. Every set of sheets that suffices is tried before anything is printed.' },
  'cosigner-card': { name: 'Cosigner card', line: 'The public key record', tag: 'public', purpose: 'The public key record as a code and as text, to make a wallet with. It can watch, never spend.' },
  wallet: { name: 'Wallet sheet', line: 'Policy and recovery commands', tag: 'public', purpose: 'The wallet\'s descriptor, its quorum, its first addresses, and the commands with which a plain node brings it back without Strongroom.' },
  'deposit-addresses': { name: 'Deposit addresses', line: 'Receive addresses to hand out', tag: 'public', purpose: 'Receive addresses of a registered wallet, each with its code, derived by this laptop.' },
  'paper-wallets': { name: 'Paper wallets', line: 'New single keys, one or many', tag: 'has secrets', purpose: 'New keys that live on paper only: an address sheet to be paid to, and a key sheet to be locked away. Nothing of them stays on this laptop.' },
  template: { name: 'Blank forms', line: 'To be written on', tag: 'by hand', purpose: 'Forms for handwriting. Nothing secret is printed; what is written on them later may be.' },
};

export const whatOrder: readonly What[] = ['seed', 'shares', 'cosigner-card', 'wallet', 'deposit-addresses', 'paper-wallets', 'template'];

const codeNames: Readonly<Record<string, string>> = { secret: 'private key', seedqr: 'SeedQR', share: 'share', address: 'address', 'key-record': 'key record', descriptor: 'descriptor' };

/** Names of codes as people read them: `secret` -> "private key", `receive-3` -> "receive 3", `descriptor-2` -> "descriptor 2". */
export function codeName(id: string): string {
  const [, name = id, number] = /^(.*?)(?:-(\d+))?$/.exec(id) ?? [];
  const words = codeNames[name] ?? name.replaceAll('-', ' ');
  return number === undefined ? words : `${words} ${number}`;
}

/** What every blank form is called, in the order of the list. */
export const templateTitles: Readonly<Record<TemplateName, string>> = {
  'seed-24': '24 words', 'seed-12': '12 words',
  'slip39-59': 'SLIP-39 share, 59 words', 'slip39-33': 'SLIP-39 share, 33 words', 'slip39-20': 'SLIP-39 share, 20 words',
  'codex32-48': 'codex32 string, 48 characters', 'codex32-74': 'codex32 string, 74 characters', 'codex32-127': 'codex32 string, 127 characters',
  'seedqr-29': 'SeedQR grid, 29 by 29', 'seedqr-25': 'SeedQR grid, 25 by 25', 'seedqr-21': 'CompactSeedQR grid, 21 by 21',
  'custody-log': 'Custody log',
};
