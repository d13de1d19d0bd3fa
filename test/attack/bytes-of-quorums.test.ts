/**
 * Every byte of honest PSBTs of quorums, changed to other values: refused, shown, or nothing that is signed changes.
 * STRONGROOM_EVERY_BYTE=full takes all 256 values and all ten files; otherwise eight values and three files.
 */
import { encodePsbt } from '../../src/psbt/codec/encode.ts';
import { describe, expect, test } from 'vitest';
import { changeAll, SAID_NOWHERE, smallSpends, tallyText } from '../support/attack/every-byte.ts';

const isFull = process.env['STRONGROOM_EVERY_BYTE'] === 'full';
const HOUR_MS = 3_600_000;
const { quorums } = smallSpends();
const chosen = isFull ? quorums : [0, 4, 7].flatMap((index) => quorums[index] ?? []);

describe('single-byte changes', () => {
  test.each(chosen.map((spend) => [spend.name, spend] as const))('%s', (_name, spend) => {
    const size = encodePsbt(spend.psbt).length;
    const tally = changeAll(spend, isFull);
    console.info(`${size} bytes, ${tallyText(spend, tally)}`);
    expect([...tally.unshown.keys()].filter((what) => !SAID_NOWHERE.includes(what))).toEqual([]);
    const said = [...tally.unshown.values()].reduce((sum, count) => sum + count, 0);
    expect(tally.unreadable + tally.refused + tally.shown + tally.nothingSigned + said).toBe(tally.tried);
    expect(tally.tried).toBeGreaterThanOrEqual(isFull ? size * 255 : size * 5);
  }, HOUR_MS);
});
