import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseBase64, utf8 } from '../../src/domain/bytes.ts';
import { encodePsbt } from '../../src/psbt/codec/encode.ts';
import { decodePsbt, PSBT_MAGIC } from '../../src/psbt/codec/decode.ts';
import { combinePsbts } from '../../src/psbt/combiner.ts';
import { finalizePsbt } from '../../src/psbt/finalizer.ts';
import type { Psbt } from '../../src/psbt/psbt.ts';
import { finalizeSingleKeys } from '../../src/psbt/single-key-finalizer.ts';
import { approve } from '../../src/review/approve.ts';
import { reviewPsbt } from '../../src/review/review-psbt.ts';
import { libsecp256k1 } from '../../src/signer/curve-libsecp256k1.ts';
import { nobleCurves } from '../../src/signer/curve-noble.ts';
import { signWithPaperKeys } from '../../src/signer/paper-key-sign.ts';
import { cold, everyScript, paperSweep } from '../unit/support/paper-sweep-builder.ts';
import { honestPsbt, signedAs, strangerScript, testWallet } from '../unit/support/psbt-builder.ts';

/** The published vectors; without them the honest files alone are the beginning. */
export const vectorsFolder = process.env['STRONGROOM_VECTORS'] ?? join(process.cwd(), '../shared/vectors');

const MAGIC_HEX = '70736274ff';
let texts: readonly string[] | undefined;

/** Every text of the vectors that is longer than a word: strings of the JSON files, lines of the others. Read once. */
export function vectorTexts(): readonly string[] {
  texts ??= [...new Set(['bip174', 'bip370', 'bip371', 'bip373', 'bitcoin-core', 'bitcoinjs-lib', 'hwi', 'rust-bitcoin', 'bbqr', 'bcr_ur', 'slip39', 'bip93', 'bip39', 'bip38', 'bip32', 'seedqr', 'caravan', 'bip380-390_descriptors'].flatMap(textsOfFolder))];
  return texts;
}

function textsOfFolder(name: string): string[] {
  const folder = join(vectorsFolder, name);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && !/\.(gz|mediawiki|md|psbt|txn)$|_bincode$|^SOURCE/.test(entry.name)).sort((a, b) => (a.parentPath + a.name < b.parentPath + b.name ? -1 : 1)).flatMap((entry) => {
    const text = readFileSync(join(entry.parentPath, entry.name), 'utf8');
    if (!entry.name.endsWith('.json')) return text.split('\n').map((line) => line.trim()).filter((line) => line.length > 8);
    const found: string[] = [];
    JSON.parse(text, (_key, value) => {
      if (typeof value === 'string' && value.length > 8 && value.length < 60_000) found.push(value);
      return null;
    });
    return found;
  });
}

/** Published PSBTs, valid and not: whatever begins with the magic in binary, hexadecimal or base64. */
export function publishedPsbts(): Uint8Array[] {
  const fromTexts = vectorTexts().flatMap((text) => (text.startsWith(MAGIC_HEX) ? [new Uint8Array(Buffer.from(text, 'hex'))] : text.startsWith('cHNidP') ? [new Uint8Array(Buffer.from(text, 'base64'))] : []));
  const folder = join(vectorsFolder, 'bbqr');
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.psbt')).map((name) => readFileSync(join(folder, name))) : [];
  const fromFiles = files.map((file) => (file[0] === PSBT_MAGIC[0] ? new Uint8Array(file) : unlessInvalid(() => parseBase64(file.toString('latin1').trim()))));
  return [...fromTexts, ...fromFiles.filter((file) => file !== undefined)];
}

function unlessInvalid<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

export const seedWallet = testWallet(2, 3);
const honest = honestPsbt({ wallet: seedWallet });
const single = honestPsbt({ wallet: seedWallet, inputs: [{ branch: 1, index: 3, amountSats: 100_000n, sequence: 0xffff_fffd }], payments: [{ scriptPubKey: strangerScript(2), amountSats: 99_000n }], change: null, locktime: 800_000 });
const shared = honestPsbt({ wallet: seedWallet, oneFunding: true });
const [alice, bob, carol] = seedWallet.keys as [typeof seedWallet.keys[number], typeof seedWallet.keys[number], typeof seedWallet.keys[number]];
const byAlice = signedAs(honest, seedWallet, alice);
const byBob = signedAs(honest, seedWallet, bob);
const byBoth = signedAs(byAlice, seedWallet, bob);

/** Our own honest files, at every stage. */
export const honestPsbts: readonly Uint8Array[] = [honest, single, shared, byAlice, byBob, byBoth, signedAs(byBoth, seedWallet, carol), signedAs(signedAs(single, seedWallet, alice), seedWallet, carol)].flatMap((psbt) => [encodePsbt(psbt, { version: 0 }), encodePsbt(psbt, { version: 2 })]);
/** Files that belong together, for the combiner. */
export const honestSets: readonly (readonly Uint8Array[])[] = [[honest, byAlice], [byAlice, byBob], [byBoth], [byAlice, byBob, signedAs(honest, seedWallet, carol)], [single, signedAs(single, seedWallet, alice), signedAs(single, seedWallet, carol)], [shared, signedAs(shared, seedWallet, bob), signedAs(shared, seedWallet, carol)]].map((set) => set.map((psbt) => encodePsbt(psbt)));

const papers = everyScript();
const sweep = encodePsbt(paperSweep(papers));
/** Signed as the Signer does, by all paper keys: every script type and both ways of hashing. */
function signedSweep(): Psbt {
  const review = reviewPsbt(sweep, { wallets: [], singleKeys: papers.map(({ paper }) => paper), destinations: [cold], network: 'regtest', thisKey: null });
  const approval = approve(review, sweep, review.findings.map(({ code }) => code));
  return signWithPaperKeys(approval, papers.map(({ paper }) => paper.paperKey), { first: libsecp256k1, second: nobleCurves });
}
const signed = signedSweep();
const half: Psbt = { ...signed, inputs: signed.inputs.map((input, index) => (index % 2 === 0 ? input : (paperSweep(papers).inputs[index] as typeof input))) };
/** Sweeps of paper wallets: unsigned, half signed, signed, final. */
export const honestSweeps: readonly Uint8Array[] = [sweep, encodePsbt(half), encodePsbt(signed), encodePsbt(finalizeSingleKeys(signed))];
/** The first two sets once their signatures are complete, final: what programs that see a quorum hand back. */
export const honestFinals: readonly Uint8Array[] = honestSets.slice(1, 3).map((set) => encodePsbt(finalizePsbt(combinePsbts(set.map(decodePsbt), seedWallet.deriver).psbt, seedWallet.deriver)));

export const utf8All = (list: readonly string[]): Uint8Array[] => list.map(utf8);
