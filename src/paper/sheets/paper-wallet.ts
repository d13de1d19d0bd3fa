import { chainParameters, type NetworkName } from '../../domain/network.ts';
import { scriptOfAddress } from '../../wallet/address.ts';
import { scriptTypeOf } from '../../wallet/script-type.ts';
import { malformed, sheetOf, type Fact, type Sheet, type SheetFacts } from '../sheet.ts';

export type PaperWalletScript = 'p2pkh' | 'p2wpkh' | 'p2tr';

/**
 * How the private key stands on the secret page. `bip38` is encrypted under a passphrase that people keep elsewhere;
 * `secure-print` is too, and its short code is written on the page by hand, so that no printer ever held enough to spend.
 */
export type SecretForm = 'wif' | 'bip38' | 'secure-print';

export interface PaperWallet {
  readonly address: string;
  readonly script: PaperWalletScript;
  /** WIF or BIP38 text, made and checked against the address by the Signer. */
  readonly secret: { readonly form: SecretForm; readonly text: string };
}

const scriptNames: Readonly<Record<PaperWalletScript, string>> = {
  p2pkh: 'P2PKH (legacy)',
  p2wpkh: 'P2WPKH (native segwit)',
  p2tr: 'P2TR (taproot, key path)',
};

const secretNames: Readonly<Record<SecretForm, { readonly name: string; readonly note: string; readonly warning: string }>> = {
  wif: {
    name: 'Private key (WIF)',
    note: 'Not encrypted. Whoever reads or photographs this page can spend what the address holds. To spend, import it once and move everything: never send part of it.',
    warning: 'whoever reads this page can spend',
  },
  bip38: {
    name: 'Encrypted private key (BIP38)',
    note: 'Opens with its passphrase only, which is not on this page. Without the passphrase nobody can spend, its owner included. To spend, import it once and move everything.',
    warning: 'opens with its passphrase',
  },
  'secure-print': {
    name: 'Encrypted private key (BIP38, SecurePrint)',
    note: 'Opens with the short code that was shown on the screen and is written below by hand: BIP38\'s passphrase, twelve capitals and digits without blanks. No printer has seen it. Without it nobody can spend. To spend, import the key once and move everything.',
    warning: 'opens with the handwritten code',
  },
};

/** What the codes' alphabet leaves out, so that nobody takes one character for another years on. */
const NEVER_IN_CODES = '0 1 2 5 6 8 B I O Q S U';

/**
 * A single-key wallet as two sheets: the address, to be paid to; and the key, to be locked away.
 * @param facts the serial is shared; the two sheets end in `-P` and `-S`
 * @param name how the title begins
 * @throws StrongroomError `paper.malformed`, `address.malformed`, `wallet.private-key`
 */
export function paperWalletSheets(facts: SheetFacts, wallet: PaperWallet, name = 'Paper wallet'): readonly [publicSheet: Sheet, secretSheet: Sheet] {
  const { address, script, secret } = wallet;
  if (scriptTypeOf(scriptOfAddress(address, facts.network)) !== script) throw malformed('its address is of another script type');
  requireSecretForm(secret, facts.network);
  const common: readonly Fact[] = [{ label: 'Network', value: facts.network, form: 'text' }, { label: 'Script', value: scriptNames[script], form: 'text' }];
  const { name: secretName, note, warning } = secretNames[secret.form];
  return [
    sheetOf({
      ...facts,
      kind: 'paper-wallet',
      part: 'public',
      serial: `${facts.serial}-P`,
      title: `${name}: address`,
      warning: 'may be shown and copied',
      blocks: [
        {
          type: 'code', heading: 'Address', note: 'Pay to this address. Compare every group of four with the screen before paying.', copy: 'fours', sideMm: 52,
          code: { id: 'address', text: address, correction: 'Q' },
          facts: [...common, { label: 'Secret sheet', value: `${facts.serial}-S`, form: 'mono' }],
        },
        { type: 'table', heading: 'Paid in', rows: 3, columns: [{ title: 'Date', share: 3 }, { title: `Amount (${chainParameters(facts.network).unit})`, share: 4 }, { title: 'Transaction (first and last eight digits)', share: 7 }, { title: 'Initials', share: 2 }] },
      ],
    }),
    sheetOf({
      ...facts,
      kind: 'paper-wallet',
      part: 'secret',
      serial: `${facts.serial}-S`,
      title: `${name}: key`,
      warning,
      blocks: [
        { type: 'facts', facts: [{ label: 'For address', value: address, form: 'fours' }] },
        {
          type: 'code', heading: secretName, note, copy: 'fours', sideMm: 56,
          code: { id: 'secret', text: secret.text, correction: 'H' },
          facts: [...common, { label: 'Address sheet', value: `${facts.serial}-P`, form: 'mono' }],
        },
        ...(secret.form === 'secure-print' ? [{ type: 'boxes' as const, heading: `Code, copied by hand from the screen (never ${NEVER_IN_CODES})`, count: 12 }] : []),
      ],
    }),
  ];
}

/** Which wallet of a batch it is, from 1. */
export interface BatchPlace {
  readonly number: number;
  readonly total: number;
}

/**
 * One wallet of a batch: the serial gets a running number (`SR-2026-0007-001-P`), the title says which of how many it is.
 * @throws StrongroomError as `paperWalletSheets`
 */
export function batchedPaperWalletSheets(facts: SheetFacts, wallet: PaperWallet, { number, total }: BatchPlace): readonly [publicSheet: Sheet, secretSheet: Sheet] {
  const digits = Math.max(3, String(total).length);
  const name = total === 1 ? 'Paper wallet' : `Paper wallet ${number} of ${total}`;
  return paperWalletSheets({ ...facts, serial: `${facts.serial}-${String(number).padStart(digits, '0')}` }, wallet, name);
}

/** How a WIF begins, by its version byte: uncompressed of 51 characters, compressed of 52. */
const wifStarts: ReadonlyMap<number, string> = new Map([
  [0x80, '5[HJK][1-9A-HJ-NP-Za-km-z]{49}|[KL][1-9A-HJ-NP-Za-km-z]{51}'],
  [0xef, '9[1-9A-HJ-NP-Za-km-z]{50}|c[1-9A-HJ-NP-Za-km-z]{51}'],
  [0xf1, '9[1-9A-HJ-NP-Za-km-z]{50}|c[1-9A-HJ-NP-Za-km-z]{51}'],
  [0xb0, '6[1-9A-HJ-NP-Za-km-z]{50}|T[1-9A-HJ-NP-Za-km-z]{51}'],
  [0x9e, '6[1-9A-HJ-NP-Za-km-z]{50}|Q[1-9A-HJ-NP-Za-km-z]{51}'],
]);

/** The outer form only: what the key opens, the Signer has checked. The text itself is in no error. */
function requireSecretForm({ form, text }: PaperWallet['secret'], network: NetworkName): void {
  const wif = new RegExp(`^(${wifStarts.get(chainParameters(network).wif) ?? '(?!)'})$`);
  const expected = form === 'wif' ? wif : /^6P[1-9A-HJ-NP-Za-km-z]{56}$/;
  if (!expected.test(text)) throw malformed(form === 'wif' ? 'its private key is not a WIF of this network' : 'its encrypted key is not of BIP38\'s form');
}
