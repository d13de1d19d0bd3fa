import { expect, test } from 'vitest';
import { bookedText, stateWords, type Entry } from '../../../renderer/companion/ledger/entry-words.ts';
import { inFours } from '../../../renderer/ui/address-groups.ts';
import { btcText, counted, percentText, satsFromBtc, satsText, shortBtcText, signedBtcText } from '../../../renderer/ui/amount-text.ts';
import { evidenceText, findingTexts, whereText } from '../../../renderer/ui/finding-texts.ts';
import { quorumSentence } from '../../../renderer/ui/quorum-sentence.ts';
import { findingCatalog } from '../../../src/review/finding.ts';

test('amounts keep all eight decimals and never pass through a float', () => {
  expect(btcText('2099999999999999')).toBe('20,999,999.99999999');
  expect(btcText(-5n)).toBe('\u22120.00000005');
  expect(satsText('18400000')).toBe('18,400,000');
  expect(signedBtcText('1000000')).toBe('+0.01000000');
  expect(signedBtcText('0')).toBe('0.00000000');
});

test('sentences and buttons drop zeros that say nothing, and no other', () => {
  expect(shortBtcText('18400000')).toBe('0.184');
  expect(shortBtcText('1000000000')).toBe('10');
  expect(shortBtcText('0')).toBe('0');
  expect(counted(1, 'recipient')).toBe('1 recipient');
  expect(counted(1200, 'recipient')).toBe('1,200 recipients');
});

test('a fee that rounds to nothing is still said to be something', () => {
  expect([percentText('0.00'), percentText('1.25'), percentText(null)]).toEqual(['under 0.01 %', '1.25 %', 'nothing to compare with']);
});

test('what was typed in BTC becomes satoshis digit by digit; what is no amount becomes nothing', () => {
  expect(satsFromBtc(' 0.25 ')).toBe('25000000');
  expect(satsFromBtc('12')).toBe('1200000000');
  expect(['', '1,5', '-1', '.5', '0.123456789', '1e3'].map(satsFromBtc)).toEqual([null, null, null, null, null, null]);
});

test('an address stands in groups of four, whole', () => {
  const address = 'bcrt1qsfwr53fmwmh849s2327g4aefamj3zqaz2g4kzt';
  expect(inFours(address).join('')).toBe(address);
  expect(inFours(address).slice(0, 2)).toEqual(['bcrt', '1qsf']);
  expect(inFours('abcde')).toEqual(['abcd', 'e']);
});

test('every finding code has a meaning and a next step; an unknown one says not to sign', () => {
  for (const code of Object.keys(findingCatalog)) {
    expect(findingTexts(code).meaning.length, code).toBeGreaterThan(20);
    expect(findingTexts(code).nextStep.length, code).toBeGreaterThan(5);
  }
  expect(findingTexts('constructor').nextStep).toMatch(/^Do not sign/);
});

test('evidence is counted and written as people do', () => {
  expect(whereText({ scope: 'output', index: 0 })).toBe('Output 1');
  expect(whereText({ scope: 'global', index: 0 })).toBe('Whole transaction');
  expect(evidenceText('feeSats', '120000')).toBe('fee 120,000 sats');
  expect(evidenceText('feeRateSatPerVb', '900')).toBe('fee rate 900 sat/vB');
  expect(evidenceText('vsizeVb', 344)).toBe('vsize 344 vB');
  expect(evidenceText('percentOfPayments', '6.20')).toBe('percent of payments 6.20');
});

test('the quorum is said in words', () => {
  expect(quorumSentence(2, 1)).toBe('1 of 2 required signatures; 1 still needed.');
  expect(quorumSentence(2, 2)).toBe('2 of 2 required signatures: the quorum is complete.');
});

const entry = (part: Partial<Entry>): Entry => ({ txid: 'a'.repeat(64), walletId: 'w', walletName: 'Treasury', kind: 'pay', changeSats: '-1', feeSats: null, height: null, confirmations: 0, state: 'broadcast', bookedAt: '2026-11-22T19:50:02.000Z', references: [], ...part });

test('the time of booking is said to the minute, in UTC', () => {
  expect(bookedText('2026-11-22T19:50:02.000Z')).toBe('2026-11-22 19:50');
});

test('the state of an entry has a word beside its colour', () => {
  expect(stateWords(entry({ state: 'confirmed', height: 812_000, confirmations: 1 })).words).toBe('Block 812,000 \u00b7 1 confirmation');
  expect(stateWords(entry({ state: 'reorganised' })).words).toBe('Its block left the chain');
  expect(stateWords(entry({ state: 'replaced' })).words).toBe('Replaced by another transaction');
  expect(stateWords(entry({})).words).toBe('Sent, not in a block');
});
