import { StrongroomError } from '../errors/strongroom-error.ts';
import { rejectPrivateKeyText } from '../wallet/key-record.ts';

const base58 = '1-9A-HJ-NP-Za-km-z';
const bech32 = '02-9ac-hj-np-z';

/** What secrets look like in a line of text, besides extended private keys and WIF. */
const secretForms: readonly RegExp[] = [
  // BIP38.
  new RegExp(`(^|[^${base58}])6P[${base58}]{56}`),
  // codex32 (BIP93), either case.
  new RegExp(`(^|[^a-z0-9])ms1[${bech32}]{40,}`, 'i'),
  // SeedQR: four digits a word; and keys or seeds in hexadecimal. A sheet's id has 32 digits and may stand in a remark.
  /\d{48}/,
  /(^|[^0-9a-f])[0-9a-f]{33,}/i,
];

/** Twelve words in a row of the lengths that BIP39's and SLIP-39's have; sentences have shorter and longer ones between. */
const manyWords = /(?:^|\s)(?:\p{L}{3,8}\s+){11}\p{L}{3,8}(?:\s|$)/u;
/** Word lists of languages whose words are of one to eight letters without regard to that: only there are they so short. */
const manyShortWords = /(?:^|\s)(?:[\p{Script=Han}\p{Script=Hiragana}\p{Script=Hangul}]{1,8}\s+){11}[\p{Script=Han}\p{Script=Hiragana}\p{Script=Hangul}]{1,8}(?:\s|$)/u;

/**
 * Refuses a line for the custody register that looks like a secret. The register is shown, copied and audited: whoever writes
 * the words of a seed into a remark would have to count the seed as lost. It errs to the side of refusing.
 * @throws StrongroomError `custody.secret`, which does not repeat the text
 */
export function refuseSecretText(text: string): void {
  // Numbers, commas and the like between the words hide nothing.
  const plain = text.normalize('NFKC').replace(/[\p{P}\p{S}\p{N}]+/gu, ' ');
  if (isPrivateKey(text) || secretForms.some((form) => form.test(text)) || manyWords.test(plain) || manyShortWords.test(plain)) {
    throw new StrongroomError('custody.secret', 'The text looks like a secret, and the custody register keeps none.', {}, 'Say it in other words. If it was a secret, it was only shown on this screen: nothing was written.');
  }
}

function isPrivateKey(text: string): boolean {
  try {
    rejectPrivateKeyText(text);
    return false;
  } catch {
    return true;
  }
}
