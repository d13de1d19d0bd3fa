import { describe, expect, test } from 'vitest';
import { emptyRegister, record } from '../../../src/custody/register.ts';
import { refuseSecretText } from '../../../src/custody/secret-text.ts';
import { printed, sealed, made, voided, idOf } from './fixtures.ts';

/** The register knows no secret: what looks like one is refused, wherever a person could have typed it. */

const secret = expect.objectContaining({ code: 'custody.secret' });

const words = 'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about';
const secrets: readonly (readonly [string, string])[] = [
  ['an extended private key (BIP32, test vector 1)', 'xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi'],
  ['a WIF key', '5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ'],
  ['a WIF key among words', 'spare: L1aW4aubDFB7yfras2S1mN3bqg9nwySY8nkoLmJebSLD5BWv3ENZ, burn it'],
  ['a BIP38 key', '6PRVWUbkzzsbcVac2qwfssoUJAN1Xhrg6bNk8J7Nzm5H7kxEbn2Nh2ZoGg'],
  ['a codex32 share (BIP93)', 'MS12NAMEA320ZYXWVUTSRQPNMLKJHGFEDCAXRPP870HKKQRM'],
  ['a mnemonic', words],
  ['a mnemonic in capitals', words.toUpperCase()],
  ['a mnemonic with numbers before its words', words.split(' ').map((word, index) => `${index + 1}. ${word}`).join(' ')],
  ['a mnemonic parted by commas', words.replaceAll(' ', ', ')],
  ['a mnemonic after other words', `the seed is ${words}`],
  ['a mnemonic in Spanish', 'ábaco ábaco ábaco ábaco ábaco ábaco ábaco ábaco ábaco ábaco ábaco abierto'],
  ['a mnemonic in Chinese', '的 的 的 的 的 的 的 的 的 的 的 在'],
  ['a SLIP-39 share', 'duckling enlarge academic academic agency result length solution fridge kidney coal piece deal husband erode duke ajar critical decision keyboard'.split(' ').map((word) => word.slice(0, 8)).join(' ')],
  ['a SeedQR', '0000'.repeat(11) + '0003'],
  ['a key in hexadecimal', '0f'.repeat(32)],
];

test.each(secrets)('%s', (_name, text) => {
  expect(() => refuseSecretText(text)).toThrow(secret);
});

test.each([
  '',
  'Safe 2, upper shelf',
  'the printer jammed and ate the first page, so it was shredded at once by Ada and Grace',
  'given to Grace at 14:05, bag opened in the presence of all officers for the yearly inspection of paper',
  'replaced by 136957841054889364d7c2e03fbb9a7f',
  'fingerprint 73c5da0a, path 48h/1h/0h/2h',
  'Größe der Tüte: 30 × 40 cm; Nr. 0017-B',
])('a remark that is none passes: %s', (text) => {
  expect(() => refuseSecretText(text)).not.toThrow();
});

describe('the register refuses it in every field that is written by hand', () => {
  const [, text] = secrets[1] as readonly [string, string];
  const register = record(emptyRegister, [printed(), made()]);
  test.each([
    ['a remark', () => record(register, [voided(idOf('a'), text)])],
    ['a name', () => record(register, [{ ...voided(), by: text }])],
    ['the number of a bag', () => record(register, [sealed(idOf('a'), '0f'.repeat(20))])],
    ['a label', () => record(register, [printed(idOf('b'), { label: text })])],
  ])('%s', (_name, attempt) => {
    expect(attempt).toThrow(secret);
  });

  test('and does not repeat it', () => {
    try {
      refuseSecretText(text);
      expect.unreachable();
    } catch (fault) {
      expect(JSON.stringify([(fault as Error).message, fault])).not.toContain(text.slice(0, 12));
    }
  });
});
