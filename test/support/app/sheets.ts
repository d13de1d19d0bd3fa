import { expect, type Page } from '@playwright/test';
import { ask } from './edition.ts';

/** Sheets by the window's own contract, for the app tests. */

type Answer = { readonly ok: boolean; readonly value: Record<string, any>; readonly error: { readonly code: string } };

/** The value of a command that must succeed. */
export async function value(page: Page, name: string, input: unknown): Promise<Record<string, any>> {
  const answer = (await ask(page, name, input)) as Answer;
  expect(answer, name).toMatchObject({ ok: true, value: {} });
  return answer.value;
}

/** The error code of a command that must fail. */
export const refusal = async (page: Page, name: string, input: unknown): Promise<string> => ((await ask(page, name, input)) as Answer).error.code;

export const passphrase = 'correct horse battery';

/** Sixty rolls that a fair die gave once. */
export const rolls = '315264251643522616354142635132456621344151623665243152463614';

export async function newKey(page: Page): Promise<{ readonly keyHandle: string; readonly keyFileBase64: string; readonly words: readonly string[] }> {
  const { keyHandle, keyFileBase64 } = await value(page, 'key.create', { network: 'practice', label: 'alice', words: 12, dice: rolls, passphrase });
  const { words } = await value(page, 'key.words', { keyHandle });
  return { keyHandle, keyFileBase64, words };
}

export const seedOrder = (keyHandle: string, pageSize: 'a4' | 'letter' = 'a4') => ({
  order: { what: 'sheet', order: { content: { kind: 'seed', keyHandle, filling: 'printed', label: null }, serial: null, date: '2026-11-22', pageSize } },
});

export const walletsOrder = (count: number) => ({
  order: { what: 'paper-wallets', order: { network: 'practice', script: 'p2wpkh', count, secret: { form: 'wif' }, dice: `${rolls}${[...rolls].reverse().join('')}`, label: 'spare', serial: null, date: '2026-11-22', pageSize: 'a4' } },
});
