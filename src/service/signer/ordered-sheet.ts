import type { InferOutput } from 'valibot';
import { unreachable } from '../../domain/unreachable.ts';
import type { WalletScript } from '../../domain/wallet-script.ts';
import type { SheetOrder } from '../../host/paper-wire.ts';
import type { Sheet, SheetFacts } from '../../paper/sheet.ts';
import { cosignerCard } from '../../paper/sheets/cosigner-card.ts';
import { depositAddressSheet } from '../../paper/sheets/deposit-addresses.ts';
import { seedSheet, type Seed } from '../../paper/sheets/seed.ts';
import { templateSheet } from '../../paper/sheets/template.ts';
import { walletSheet } from '../../paper/sheets/wallet.ts';
import { accountKeyRecord } from '../../signer/account-key.ts';
import { shownWords, type KeptSecret } from '../../signer/kept-secret.ts';
import { verifyRegistration } from '../../signer/registration.ts';
import { wordPlacesOf } from '../../signer/secrets/mnemonic-coding.ts';
import { parseRegistration } from '../../wallet/registration.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import type { UnlockedKeys } from './unlocked-keys.ts';

type Order = InferOutput<typeof SheetOrder>;

/**
 * The sheet of an order, the same one each time that the order is the same.
 * @param today ISO 8601 date, for an order that states none
 * @throws StrongroomError `key.locked`, `key.no-mnemonic`, `paper.malformed`, `paper.unprintable`, and what reading a registration throws
 */
export function orderedSheet({ content, ...order }: Pick<Order, 'content' | 'serial' | 'date'>, keys: UnlockedKeys, today: string): Sheet {
  const serial = (usual: string): string => order.serial ?? usual;
  if (content.kind === 'template') {
    return templateSheet({ serial: serial(`BLANK-${content.template.toUpperCase()}`), label: content.label ?? '', network: content.network, date: order.date ?? '' }, content.template);
  }
  const { key, file } = keys.use(content.keyHandle);
  const date = order.date ?? today;
  const fingerprint = key.fingerprint.toUpperCase();
  const registered = (registration: string): Wallet => verifyRegistration(key, parseRegistration(registration)).wallet;
  const ofKey = (usual: string, label: string | null): SheetFacts => ({ serial: serial(usual), label: label ?? file.label, network: key.network, date });
  switch (content.kind) {
    case 'cosigner-card':
      return cosignerCard(ofKey(cardSerial(fingerprint, content), content.label), accountKeyRecord(key, content.script, content.account), content.script);
    case 'seed':
      return seedSheet(ofKey(`SEED-${fingerprint}`, content.label), { ...wordsOfKept(file.secret), fingerprint: key.fingerprint, filling: content.filling });
    case 'wallet':
      return walletSheet({ serial: serial(`WALLET-${fingerprint}`), date }, registered(content.registration), content.bornAt);
    case 'deposit-addresses':
      return depositAddressSheet({ serial: serial(`DEPOSIT-${fingerprint}-${content.index}`), date }, registered(content.registration), content.index, content.count);
    default:
      return unreachable(content);
  }
}

/** A card of another script type than the usual one says so in its serial too, within the 24 characters of one. */
const cardSerial = (fingerprint: string, { script, account }: { readonly script: WalletScript; readonly account: number }): string =>
  `CARD-${fingerprint}-${account}${script === 'p2wsh' ? '' : `-${cardMarks[script]}`}`;
const cardMarks: Readonly<Record<Exclude<WalletScript, 'p2wsh'>, string>> = { p2sh: 'SH', 'p2sh-p2wsh': 'SHWSH', 'p2tr-multi': 'TRM', p2pkh: 'PKH', 'p2sh-p2wpkh': 'SHPKH', p2wpkh: 'WPKH', p2tr: 'TR' };

/** @throws StrongroomError `key.no-mnemonic` for a key that came without one */
function wordsOfKept(secret: KeptSecret): Pick<Seed, 'words' | 'positions' | 'language' | 'hasPassphrase'> {
  const words = shownWords(secret);
  if (secret.kind !== 'mnemonic') throw new RangeError('only a mnemonic has words');
  return { words, positions: wordPlacesOf(secret.entropy), language: secret.language, hasPassphrase: secret.bip39Passphrase !== '' };
}
