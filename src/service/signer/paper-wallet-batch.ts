import type { InferOutput } from 'valibot';
import { sha256 } from '@noble/hashes/sha2.js';
import { toHex, utf8 } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { RequestContext } from '../../host/contract.ts';
import type { PaperWalletOrder } from '../../host/paper-wire.ts';
import { batchedPaperWalletSheets } from '../../paper/sheets/paper-wallet.ts';
import { makeKeyEntropy } from '../../signer/entropy/key-entropy.ts';
import type { PaperWalletRecord } from '../../signer/entropy/paper-wallet-record.ts';
import { requireStrongPassphrase } from '../../signer/key-file.ts';
import { handCodeSource, newHandCode } from '../../signer/paper-wallet-code.ts';
import { addressOfPaperKey, paperWalletKey, writePaperWallet, type WrittenWallet } from '../../signer/paper-wallet-keys.ts';
import { wipe } from '../../signer/secrets/wipe.ts';
import { preparedSheet, type PreparedSheet, type PreparedSheets, type SheetDeps } from './prepared-sheet.ts';

type Order = InferOutput<typeof PaperWalletOrder>;

/** Keys that are encrypted at the same time: each takes a thread of the runtime and 16 MiB. */
const LANES = 4;
/** An estimate from less than this would be a guess. */
const ESTIMATE_AFTER_MS = 1000;

/** One wallet as it was made: its two sheets, its address, and SecurePrint's code or `null`. */
interface MadeWallet extends WrittenWallet {
  readonly number: number;
  readonly handCode: string | null;
}

/**
 * New paper wallets. One mixed entropy is the batch's secret, each key its own part of it; neither is kept. Between wallets
 * everything else has its turn, and a person who gives up is heard.
 * @param today ISO 8601 date, for an order that states none
 * @throws StrongroomError `host.cancelled`, `entropy.*`, `key.passphrase-weak`, `paper.*`; nothing is left of the batch then
 */
export async function makePaperWallets(order: Order, { effects }: SheetDeps, today: string, { progress, isCancelled }: RequestContext): Promise<PreparedSheets & { readonly record: PaperWalletRecord }> {
  if (order.secret.form === 'bip38') requireStrongPassphrase(order.secret.passphrase);
  const { count, network, script, label, pageSize, dice, coins, cards, typed } = order;
  progress({ fraction: null, activity: 'Reading the system\'s random sources' });
  const { entropy: batchSecret, sources, health } = makeKeyEntropy({ words: 24, mode: 'mixed', dice, coins, cards, typed }, await effects.readSystemEntropy());
  const startedAt = effects.now();
  const tell = (done: number): void => {
    const elapsedMs = effects.now() - startedAt;
    const estimate = done > 0 && elapsedMs >= ESTIMATE_AFTER_MS ? { remainingSeconds: Math.ceil(((elapsedMs / done) * (count - done)) / 1000) } : {};
    progress({ fraction: done / count, activity: `Making paper wallet ${Math.min(done + 1, count)} of ${count}`, ...estimate });
  };
  try {
    const serial = order.serial ?? usualSerial(addressOfNumber(batchSecret, 1, order), order.date ?? today);
    const facts = { serial, label: label ?? '', network, date: order.date ?? today };
    const sheets: PreparedSheet[] = [];
    const handCodes: { serial: string; code: string }[] = [];
    const addresses: string[] = [];
    const lanes = order.secret.form === 'wif' ? 1 : LANES;
    tell(0);
    for (let done = 0; done < count; done += lanes) {
      await effects.pause();
      if (isCancelled()) throw cancelled();
      const numbers = Array.from({ length: Math.min(lanes, count - done) }, (_, lane) => done + lane + 1);
      for (const { number, address, text, handCode } of await inLanes(numbers, (each) => makeWallet(batchSecret, each, order, effects))) {
        const [publicSheet, secretSheet] = batchedPaperWalletSheets(facts, { address, script, secret: { form: order.secret.form, text } }, { number, total: count });
        sheets.push(preparedSheet(publicSheet, pageSize, null), preparedSheet(secretSheet, pageSize, null));
        addresses.push(address);
        if (handCode !== null) handCodes.push({ serial: secretSheet.serial, code: handCode });
        tell(number);
      }
    }
    const record: PaperWalletRecord = { serial, network, label: label ?? '', addresses, sources, health, program: 'strongroom-signer', programVersion: effects.version, build: effects.build, madeAt: new Date(startedAt).toISOString() };
    return { sheets, handCodes, record };
  } finally {
    wipe(batchSecret);
  }
}

async function makeWallet(batchSecret: Uint8Array, number: number, { script, network, secret }: Order, { random, slow }: SheetDeps['effects']): Promise<MadeWallet> {
  const handCode = secret.form === 'secure-print' ? newHandCode(handCodeSource(random, batchSecret, number)) : null;
  const privateKey = paperWalletKey(batchSecret, number);
  try {
    const writing = secret.form === 'wif' ? { form: 'wif' as const } : { form: 'bip38' as const, passphrase: handCode ?? (secret as Extract<Order['secret'], { form: 'bip38' }>).passphrase };
    return { number, handCode, ...(await writePaperWallet(privateKey, { script, network, writing }, slow)) };
  } finally {
    wipe(privateKey);
  }
}

/** All at the same time; a failure is told only when every other has ended and wiped what it held. */
async function inLanes(numbers: readonly number[], make: (number: number) => Promise<MadeWallet>): Promise<readonly MadeWallet[]> {
  const ended = await Promise.allSettled(numbers.map(make));
  return ended.map((each) => {
    if (each.status === 'rejected') throw each.reason;
    return each.value;
  });
}

/** `PW-20261122-3F9A`: the day, and four digits by which batches of one day differ, from the first address. */
const usualSerial = (firstAddress: string, date: string): string => `PW-${date.replaceAll('-', '')}-${toHex(sha256(utf8(firstAddress))).slice(0, 4).toUpperCase()}`;

function addressOfNumber(batchSecret: Uint8Array, number: number, { script, network }: Order): string {
  const privateKey = paperWalletKey(batchSecret, number);
  try {
    return addressOfPaperKey(privateKey, script, network);
  } finally {
    wipe(privateKey);
  }
}

const cancelled = (): StrongroomError => new StrongroomError('host.cancelled', 'The paper wallets were not made: the step was cancelled.', {}, 'Nothing of the batch is left. Start it again when you are ready.');
