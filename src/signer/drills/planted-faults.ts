import { unreachable } from '../../domain/unreachable.ts';
import { codesOf } from '../../paper/sheet.ts';
import { walletSheet } from '../../paper/sheets/wallet.ts';
import { parseDescriptor } from '../../wallet/descriptor.ts';
import type { GivenSecret } from '../restored-secret.ts';
import { formatCodex32, splitCodex32 } from '../secrets/codex32/codex32.ts';
import { wordPlacesOf } from '../secrets/mnemonic-coding.ts';
import { seedQrDigits } from '../secrets/seedqr.ts';
import { parseSlip39Share } from '../secrets/slip39/share.ts';
import { splitSlip39 } from '../secrets/slip39/slip39.ts';
import { wipe } from '../secrets/wipe.ts';
import { backupOf, type PracticeKey, type PracticeKeys, type RehearsalTools } from './practice-key.ts';
import { textOfPlaces, withBlankBehind, withFlippedBit, withSmudgedWord, withSwappedWords, withWrongCharacter, withWrongLastWord, withWrongShareWord } from './slips.ts';
import { ANOTHER_KEY, PASSED, readTrial, restoreTrial, type Trial, type TrialOutcome } from './trial.ts';

export type RehearsalFault = 'none' | 'missing-page' | 'missing-share' | 'wrong-share' | 'share-of-another-set' | 'smudged-word' | 'swapped-words' | 'wrong-passphrase' | 'damaged-backup' | 'another-key';

/** A mnemonic without such a pair of words comes once in 70 times; fifty in a row do not. */
const MOST_DRAWS = 50;
/** The words on a sheet's first page, where its second is missing: never a number of words that could be a mnemonic. */
const WORDS_OF_FIRST_PAGE = 16;

/**
 * The ways in which a fault is planted, and what must come of each.
 * @param keys wiped by the caller
 */
export function trialsOf(fault: RehearsalFault, keys: PracticeKeys, tools: RehearsalTools): Promise<readonly Trial[]> {
  switch (fault) {
    case 'none':
      return nothing(keys, tools);
    case 'missing-page':
      return missingPage(keys, tools);
    case 'missing-share':
      return missingShare(keys, tools);
    case 'wrong-share':
      return wrongShare(keys, tools);
    case 'share-of-another-set':
      return shareOfAnotherSet(keys, tools);
    case 'smudged-word':
      return smudgedWord(keys, tools);
    case 'swapped-words':
      return swappedWords(keys, tools);
    case 'wrong-passphrase':
      return wrongPassphrase(keys, tools);
    case 'damaged-backup':
      return damagedBackup(keys, tools);
    case 'another-key':
      return anotherKey(keys, tools);
    default:
      return unreachable(fault);
  }
}

async function nothing(keys: PracticeKeys, tools: RehearsalTools): Promise<readonly Trial[]> {
  const words = keys.mnemonic(32);
  const slip39 = keys.seed('slip39');
  const codex32 = keys.seed('codex32');
  const backup = await backupOf(words, tools);
  const [first, , third] = await slip39SharesOf(slip39, tools);
  const [a, b] = codex32SharesOf(codex32, tools);
  return [
    onPaper('24 words', PASSED, words, tools, [textOfPlaces(placesOf(words))]),
    onPaper('their SeedQR', PASSED, words, tools, [seedQrDigits(words.secret.entropy)]),
    onPaper('two of three SLIP-39 shares', PASSED, slip39, tools, [first, third]),
    onPaper('two of three codex32 shares', PASSED, codex32, tools, [b, a]),
    restoreTrial('the backup', PASSED, words.subject, () => tools.fromBackup(backup.file, backup.passphrase)),
  ];
}

async function missingPage(keys: PracticeKeys, tools: RehearsalTools): Promise<readonly Trial[]> {
  const key = keys.mnemonic(32);
  const codes = codesOf(walletSheet({ serial: 'REHEARSAL', date: '2026-01-01' }, key.wallet, 0)).filter(({ id }) => /^descriptor-[0-9]+$/.test(id));
  const scanned = codes.slice(0, -1).map(({ text }) => text).join('');
  return [
    onPaper(`the first ${WORDS_OF_FIRST_PAGE} of 24 words`, 'mnemonic.malformed', key, tools, [textOfPlaces(placesOf(key).slice(0, WORDS_OF_FIRST_PAGE))]),
    readTrial(`${codes.length - 1} of the ${codes.length} codes of a wallet sheet`, 'wallet.checksum', () => void parseDescriptor(scanned)),
  ];
}

async function missingShare(keys: PracticeKeys, tools: RehearsalTools): Promise<readonly Trial[]> {
  const slip39 = keys.seed('slip39');
  const codex32 = keys.seed('codex32');
  const [, second] = await slip39SharesOf(slip39, tools);
  const [a] = codex32SharesOf(codex32, tools);
  return [onPaper('one SLIP-39 share of the two that are needed', 'share.too-few', slip39, tools, [second]), onPaper('one codex32 share of two', 'share.too-few', codex32, tools, [a])];
}

async function wrongShare(keys: PracticeKeys, tools: RehearsalTools): Promise<readonly Trial[]> {
  const slip39 = keys.seed('slip39');
  const codex32 = keys.seed('codex32');
  const [first, second] = await slip39SharesOf(slip39, tools);
  const [a, b] = codex32SharesOf(codex32, tools);
  return [
    onPaper('a SLIP-39 share with one wrong word', 'share.malformed', slip39, tools, [first, withWrongShareWord(second, 7)]),
    onPaper('a codex32 share with one wrong character', 'share.malformed', codex32, tools, [a, withWrongCharacter(b, 20)]),
  ];
}

async function shareOfAnotherSet(keys: PracticeKeys, tools: RehearsalTools): Promise<readonly Trial[]> {
  const slip39 = keys.seed('slip39');
  const codex32 = keys.seed('codex32');
  const other = keys.seed('codex32');
  const [first] = await slip39SharesOf(slip39, tools);
  const stray = await strayShare(first, keys.seed('slip39'), tools);
  const [a] = codex32SharesOf(codex32, tools);
  const [, otherName] = codex32SharesOf(other, tools, 'n9te');
  const [, sameName] = codex32SharesOf(other, tools);
  return [
    onPaper('SLIP-39 shares of two sets', 'share.mismatch', slip39, tools, [first, stray]),
    onPaper('codex32 shares of two sets', 'share.mismatch', codex32, tools, [a, otherName]),
    // codex32 has no digest of the secret: only its four characters tell sets apart.
    onPaper('codex32 shares of two sets that bear the same four characters', ANOTHER_KEY, codex32, tools, [a, sameName]),
  ];
}

async function smudgedWord(keys: PracticeKeys, tools: RehearsalTools): Promise<readonly Trial[]> {
  const key = keys.mnemonic(32);
  const places = placesOf(key);
  return [
    onPaper('a word that no list holds', 'mnemonic.malformed', key, tools, [withSmudgedWord(places, 4)]),
    onPaper('another word of the list, noticed by the checksum', 'mnemonic.malformed', key, tools, [textOfPlaces(withWrongLastWord(places, true))]),
    onPaper('another word of the list that passes the checksum, as 1 in 256 does', ANOTHER_KEY, key, tools, [textOfPlaces(withWrongLastWord(places, false))]),
  ];
}

async function swappedWords(keys: PracticeKeys, tools: RehearsalTools): Promise<readonly Trial[]> {
  const noticed = swap(keys, 32, true);
  const unnoticed = swap(keys, 16, false);
  return [
    onPaper('two of 24 words swapped, noticed by the checksum', 'mnemonic.malformed', noticed.key, tools, [noticed.text]),
    onPaper('two of 12 words swapped that pass the checksum, as 1 in 16 does', ANOTHER_KEY, unnoticed.key, tools, [unnoticed.text]),
  ];
}

async function wrongPassphrase(keys: PracticeKeys, tools: RehearsalTools): Promise<readonly Trial[]> {
  const passphrase = 'rehearsal only';
  const key = keys.mnemonic(32, passphrase);
  const seed = keys.seed('slip39');
  const [first, second] = await slip39SharesOf(seed, tools, passphrase);
  const backup = await backupOf(key, tools);
  const words = [textOfPlaces(placesOf(key))];
  return [
    restoreTrial('a blank behind the BIP39 passphrase', ANOTHER_KEY, key.subject, () => tools.fromPaper(given(words, { bip39Passphrase: withBlankBehind(passphrase) }))),
    restoreTrial('a blank behind the shares\' passphrase', ANOTHER_KEY, seed.subject, () => tools.fromPaper(given([first, second], { sharePassphrase: withBlankBehind(passphrase) }))),
    restoreTrial('a blank behind the key file\'s passphrase', 'key.passphrase-wrong', key.subject, () => tools.fromBackup(backup.file, withBlankBehind(backup.passphrase))),
  ];
}

async function damagedBackup(keys: PracticeKeys, tools: RehearsalTools): Promise<readonly Trial[]> {
  const key = keys.mnemonic(32);
  const { file, passphrase } = await backupOf(key, tools);
  return [
    restoreTrial('one flipped bit in the key file', 'key.file-malformed', key.subject, () => tools.fromBackup(withFlippedBit(file, 20), passphrase)),
    restoreTrial('the key file cut short', 'key.file-malformed', key.subject, () => tools.fromBackup(file.slice(0, -40), passphrase)),
  ];
}

async function anotherKey(keys: PracticeKeys, tools: RehearsalTools): Promise<readonly Trial[]> {
  const key = keys.mnemonic(32);
  const other = keys.mnemonic(32);
  const backup = await backupOf(other, tools);
  return [
    onPaper('the words of another key', ANOTHER_KEY, key, tools, [textOfPlaces(placesOf(other))]),
    restoreTrial('the backup of another key', ANOTHER_KEY, key.subject, () => tools.fromBackup(backup.file, backup.passphrase)),
  ];
}

const given = (secrets: readonly string[], passphrases: Partial<Pick<GivenSecret, 'bip39Passphrase' | 'sharePassphrase'>> = {}): GivenSecret => ({ secrets, language: null, bip39Passphrase: '', sharePassphrase: '', ...passphrases });

const onPaper = (what: string, predicted: TrialOutcome, key: PracticeKey, tools: RehearsalTools, secrets: readonly string[]): Trial =>
  restoreTrial(what, predicted, key.subject, () => tools.fromPaper(given(secrets)));

type MnemonicKey = ReturnType<PracticeKeys['mnemonic']>;
type SeedKey = ReturnType<PracticeKeys['seed']>;

const placesOf = (key: MnemonicKey): readonly number[] => wordPlacesOf(key.secret.entropy);

/** A key whose words have a pair of the kind that is asked for, and its words with that pair swapped. */
function swap(keys: PracticeKeys, bytes: 16 | 32, isNoticed: boolean): { readonly key: MnemonicKey; readonly text: string } {
  for (let draw = 0; draw < MOST_DRAWS; draw += 1) {
    const key = keys.mnemonic(bytes);
    const swapped = withSwappedWords(placesOf(key), isNoticed);
    if (swapped !== null) return { key, text: textOfPlaces(swapped) };
  }
  throw new RangeError('no mnemonic with a pair of words to swap was drawn');
}

/** Two of three, without groups. */
async function slip39SharesOf(key: SeedKey, { random, slow }: RehearsalTools, passphrase = ''): Promise<[string, string, string]> {
  const [shares] = await splitSlip39(key.secret.seed, { groupThreshold: 1, groups: [{ threshold: 2, count: 3 }], passphrase, iterationExponent: 0, extendable: true }, random, slow);
  return shares as readonly string[] as [string, string, string];
}

/** Two of three. */
const codex32SharesOf = (key: SeedKey, { random }: RehearsalTools, identifier = 'test'): [string, string, string] =>
  splitCodex32(key.secret.seed, { identifier, threshold: 2, count: 3 }, random).map(formatCodex32) as [string, string, string];

/** The second share of another set, under another number: once in 32,768 times two sets would bear the same. */
async function strayShare(first: string, other: SeedKey, tools: RehearsalTools): Promise<string> {
  for (let draw = 0; draw < MOST_DRAWS; draw += 1) {
    const [, share] = await slip39SharesOf(other, tools);
    if (numberOf(share) !== numberOf(first)) return share;
  }
  throw new RangeError('every set of shares bore the same number');
}

function numberOf(text: string): number {
  const { identifier, value } = parseSlip39Share(text);
  wipe(value);
  return identifier;
}
