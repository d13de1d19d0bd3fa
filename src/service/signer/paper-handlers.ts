import { toBase64, utf8 } from '../../domain/bytes.ts';
import { unreachable } from '../../domain/unreachable.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { Handlers } from '../../host/contract.ts';
import type { signerCommandContract } from '../../host/signer-contract.ts';
import { checkPages } from '../../paper/check-page.ts';
import { isCheckWords, sheetIdOf } from '../../paper/check-words.ts';
import { layOut } from '../../paper/layout/lay-out.ts';
import type { Page } from '../../paper/page.ts';
import { pdfOf } from '../../paper/pdf.ts';
import { readBack } from '../../paper/read-back.ts';
import { codesOf, type Sheet, type SheetFacts } from '../../paper/sheet.ts';
import { cosignerCard } from '../../paper/sheets/cosigner-card.ts';
import { depositAddressSheet } from '../../paper/sheets/deposit-addresses.ts';
import { seedSheet } from '../../paper/sheets/seed.ts';
import { templateSheet } from '../../paper/sheets/template.ts';
import { walletSheet } from '../../paper/sheets/wallet.ts';
import { svgOf } from '../../paper/svg.ts';
import { accountKeyRecord } from '../../signer/account-key.ts';
import { mnemonicOf } from '../../signer/mnemonic.ts';
import { verifyRegistration } from '../../signer/registration.ts';
import { wordPlacesOf } from '../../signer/secrets/mnemonic-coding.ts';
import { parseRegistration } from '../../wallet/registration.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import type { SignerEffects } from './effects.ts';
import type { UnlockedKeys } from './unlocked-keys.ts';

type PaperHandlers = Pick<Handlers<typeof signerCommandContract>, 'paper.make' | 'paper.check'>;
type Order = Parameters<PaperHandlers['paper.make']>[0]['order'];
type Content = Order['content'];
type Kind = Content['kind'];

/** Sheets for what the unlocked keys hold. What a secret sheet says leaves in its document only. */
export function createPaperHandlers(effects: Pick<SignerEffects, 'now'>, keys: UnlockedKeys): PaperHandlers {
  /** The sheet and its pages, after the gate: every code decoded from its drawing, every text compared. */
  function draw({ content, serial, date, pageSize }: Order): { readonly sheet: Sheet; readonly pages: readonly Page[]; readonly facts: ReturnType<typeof factsOf> } {
    const sheet = sheetFor(content, keys, { serial, date: date ?? (content.kind === 'template' ? '' : new Date(effects.now()).toISOString().slice(0, 10)) });
    const pages = layOut(sheet, pageSize);
    checkPages(sheet, pages);
    return { sheet, pages, facts: factsOf(content.kind, sheet, pages) };
  }
  return {
    'paper.make': ({ order, format }, { progress }) => {
      progress({ fraction: null, activity: 'Drawing the sheet and reading it back' });
      const { sheet, pages, facts } = draw(order);
      const name = `sheet-${sheet.serial.toLowerCase()}`;
      const documents =
        format === 'pdf'
          ? [{ name: `${name}.pdf`, contentBase64: toBase64(pdfOf(pages)) }]
          : pages.map((page, index) => ({ name: pages.length === 1 ? `${name}.svg` : `${name}-${index + 1}.svg`, contentBase64: toBase64(utf8(svgOf(page))) }));
      return { ...facts, documents };
    },
    'paper.check': ({ order, proof }, { progress }) => {
      progress({ fraction: null, activity: 'Comparing the print with its sheet' });
      const { sheet, pages, facts } = draw(order);
      if (proof.by === 'codes') requireCodes(sheet, proof.scanned);
      else requireWords(pages, proof.words);
      return { ...facts, made: true, by: proof.by };
    },
  };
}

const factsOf = (kind: Kind, sheet: Sheet, pages: readonly Page[]) => ({
  sheetId: sheetIdOf(sheet),
  kind,
  part: sheet.part,
  serial: sheet.serial,
  date: sheet.date,
  pages: pages.length,
  // SECURITY: a code of a secret sheet is named, and what it holds stays on the paper.
  codes: codesOf(sheet).map(({ id, text }) => (sheet.part === 'secret' ? { id } : { id, text })),
});

/**
 * The sheet of an order.
 * @param print its date, and its serial where one was given
 */
function sheetFor(content: Content, keys: UnlockedKeys, print: { readonly serial: string | null; readonly date: string }): Sheet {
  const { date } = print;
  const serial = (usual: string): string => print.serial ?? usual;
  if (content.kind === 'template') {
    return templateSheet({ serial: serial(`BLANK-${content.template.toUpperCase()}`), label: content.label ?? '', network: content.network, date }, content.template);
  }
  const { key, file } = keys.use(content.keyHandle);
  const fingerprint = key.fingerprint.toUpperCase();
  const registered = (registration: string): Wallet => verifyRegistration(key, parseRegistration(registration)).wallet;
  const ofKey = (usual: string, label: string | null): SheetFacts => ({ serial: serial(usual), label: label ?? file.label, network: key.network, date });
  switch (content.kind) {
    case 'cosigner-card':
      return cosignerCard(ofKey(`CARD-${fingerprint}-${content.account}`, content.label), accountKeyRecord(key, 'p2wsh', content.account));
    case 'seed':
      return seedSheet(ofKey(`SEED-${fingerprint}`, content.label), {
        words: mnemonicOf(file.entropy).split(' '),
        positions: wordPlacesOf(file.entropy),
        language: 'english',
        fingerprint: key.fingerprint,
        hasPassphrase: file.bip39Passphrase !== '',
        filling: content.filling,
      });
    case 'wallet':
      return walletSheet({ serial: serial(`WALLET-${fingerprint}`), date }, registered(content.registration), content.bornAt);
    case 'deposit-addresses':
      return depositAddressSheet({ serial: serial(`DEPOSIT-${fingerprint}-${content.index}`), date }, registered(content.registration), content.index, content.count);
    default:
      return unreachable(content);
  }
}

/** @throws StrongroomError `paper.not-read-back`, which names codes and never what they hold */
function requireCodes(sheet: Sheet, scanned: readonly string[]): void {
  const codes = codesOf(sheet);
  if (codes.length === 0) throw notReadBack('it has no codes', {}, 'Type its check words instead.');
  const { missing, foreign, isComplete } = readBack(sheet, scanned);
  if (isComplete) return;
  const parts = [...(missing.length === 0 ? [] : [`${missing.length} of ${codes.length} codes were not scanned`]), ...(foreign === 0 ? [] : [`${foreign} scanned texts are not on it`])];
  throw notReadBack(parts.join(', and '), { missing: missing.join(', '), foreign }, 'Scan every code of every page, and nothing else. If it repeats, the print is damaged or of another sheet: destroy it and print again.');
}

/** @throws StrongroomError `paper.not-read-back`, which names pages and never a word */
function requireWords(pages: readonly Page[], typed: readonly string[]): void {
  const missing = pages.flatMap(({ checkWords }, index) => (typed.some((words) => isCheckWords(words, checkWords)) ? [] : [index + 1]));
  const foreign = typed.filter((words) => !pages.some(({ checkWords }) => isCheckWords(words, checkWords))).length;
  if (missing.length === 0 && foreign === 0) return;
  const reason = missing.length > 0 ? `the check words of page ${missing.join(', ')} were not given` : 'check words that are not on it were given too';
  throw notReadBack(reason, { missing: missing.join(', '), foreign }, 'Read them from the foot of every page of the print. The sheet\'s serial, date, label and paper size must be given as they were when it was made.');
}

const notReadBack = (reason: string, details: Readonly<Record<string, string | number>>, hint: string): StrongroomError =>
  new StrongroomError('paper.not-read-back', `The print is not proven to be this sheet: ${reason}.`, { reason, ...details }, hint);
