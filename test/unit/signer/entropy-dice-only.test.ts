import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { toHex } from '../../../src/domain/bytes.ts';
import { makeKeyEntropy, type KeyEntropyOrder } from '../../../src/signer/entropy/key-entropy.ts';
import { mnemonicOf } from '../../../src/signer/mnemonic.ts';
import { cardText } from './entropy-samples.ts';
import { coinText, diceText, systemReadings } from './fixtures.ts';

const order = (given: Partial<KeyEntropyOrder>): KeyEntropyOrder => ({ words: 24, mode: 'dice-only', dice: '', coins: '', cards: '', typed: '', ...given });
const make = (given: Partial<KeyEntropyOrder>, system = systemReadings()) => makeKeyEntropy(order(given), system);

// The two examples that SeedSigner publishes for checking itself against other tools (docs/dice_verification.md). Never for
// money.
const rolls99 = '655152231316521321611331544441236164664431121534415633526456254462245546236542364246312613322234612';
const rolls50 = '65515223131652132161133154444123616466443112153441';

test('99 rolls make the 24 words that SeedSigner publishes for them, from sha256sum of the rolls', () => {
  const { entropy } = make({ dice: rolls99 });
  expect(toHex(entropy)).toBe('51531761ec7a738946e0b9f46bb11320a695495430e345c14f01ad8b3b898a6d');
  expect(mnemonicOf(entropy)).toBe('eyebrow obvious such suggest poet seven breeze blame virtual frown dynamic donor harsh pigeon express broccoli easy apology scatter force recipe shadow claim radio');
});

test('50 rolls make the 12 words that SeedSigner publishes for them, from the first 16 bytes', () => {
  expect(mnemonicOf(make({ dice: rolls50, words: 12 }).entropy)).toBe('hole luggage safe present express tragic orbit shed switch metal identify path');
});

test('any machine replays it: printf and sha256sum', () => {
  const replayed = spawnSync('sh', ['-c', 'printf \'%s\' "$ROLLS" | sha256sum'], { env: { ...process.env, ROLLS: rolls99 }, encoding: 'utf8' });
  expect(replayed.status).toBe(0);
  expect(toHex(make({ dice: rolls99 }).entropy)).toBe(replayed.stdout.slice(0, 64));
});

test('what parts the rolls on the paper is not hashed', () => {
  const grouped = (rolls99.match(/.{1,5}/g) as string[]).join(', ');
  expect(make({ dice: `${grouped}\r\n` }).entropy).toEqual(make({ dice: rolls99 }).entropy);
});

test('every roll beyond the floor counts, for 12 words too', () => {
  const dice = diceText(70);
  expect(toHex(make({ dice, words: 12 }).entropy)).toBe(createHash('sha256').update(dice).digest('hex').slice(0, 32));
});

test('the system\'s source is not mixed in, and is demanded healthy all the same: the key file is encrypted with it', () => {
  expect(make({ dice: rolls99 }, systemReadings('a')).entropy).toEqual(make({ dice: rolls99 }, systemReadings('b')).entropy);
  const stuck = systemReadings().map(({ source, first }) => ({ source, first, second: new Uint8Array(64) }));
  expect(() => make({ dice: rolls99 }, stuck)).toThrow(expect.objectContaining({ code: 'entropy.source-failed' }));
});

test('the record names dice and nothing else as source', () => {
  expect(make({ dice: rolls99 })).toMatchObject({ mode: 'dice-only', sources: [{ source: 'dice', count: 99, bits: 255 }], sourceNames: ['dice:99'] });
});

test('another source beside the dice is refused', () => {
  for (const beside of [{ coins: coinText(256) }, { cards: cardText(58) }, { typed: 'x' }]) {
    expect(() => make({ dice: rolls99, ...beside })).toThrow(expect.objectContaining({ code: 'entropy.dice-alone', details: { given: `dice, ${Object.keys(beside)[0]}` } }));
  }
  expect(() => make({ coins: coinText(256) })).toThrow(expect.objectContaining({ code: 'entropy.dice-alone' }));
});

test('the floors and the judgement are those of mixed keys', () => {
  expect(() => make({ dice: diceText(98) })).toThrow(expect.objectContaining({ code: 'entropy.too-little' }));
  expect(() => make({ dice: diceText(49), words: 12 })).toThrow(expect.objectContaining({ code: 'entropy.too-little' }));
  expect(() => make({ dice: '123456'.repeat(17) })).toThrow(expect.objectContaining({ code: 'entropy.weak' }));
});
