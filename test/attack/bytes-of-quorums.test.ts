/**
 * Every byte of honest PSBTs of quorums, changed to other values: refused, shown, or nothing that is signed changes.
 * STRONGROOM_EVERY_BYTE=full takes all 256 values; otherwise two of each byte.
 */
import { encodePsbt } from '../../src/psbt/codec/encode.ts';
import { describe, expect, test } from 'vitest';
import { changeAll, tallyText } from '../support/attack/every-byte.ts';
import { smallSpends } from '../support/attack/small-spends.ts';

const isFull = process.env['STRONGROOM_EVERY_BYTE'] === 'full';
const HOUR_MS = 3_600_000;

describe('single-byte changes', () => {
  test.each(smallSpends().ofQuorums.map((spend) => [spend.name, spend] as const))('%s', (_name, spend) => {
    const size = encodePsbt(spend.psbt).length;
    const tally = changeAll(spend, isFull);
    console.info(`${size} bytes, ${tallyText(spend, tally)}`);
    expect([...tally.unshown]).toEqual([]);
    expect(tally.unreadable + tally.refused + tally.shown + tally.nothingSigned).toBe(tally.tried);
    expect(tally.tried).toBeGreaterThanOrEqual(isFull ? size * 255 : size);
  }, HOUR_MS);
});
