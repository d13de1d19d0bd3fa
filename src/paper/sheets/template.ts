import { sheetOf, type Block, type Fact, type Sheet, type SheetFacts } from '../sheet.ts';

/** What a blank sheet is for. Nothing secret is on it until somebody writes it there. */
export const templateNames = ['seed-12', 'seed-24', 'slip39-20', 'slip39-33', 'slip39-59', 'codex32-48', 'codex32-74', 'codex32-127', 'seedqr-21', 'seedqr-25', 'seedqr-29', 'custody-log'] as const;
export type TemplateName = (typeof templateNames)[number];

const line = (label: string): Fact => ({ label, value: '', form: 'line' });

const words = (count: number): Block => ({
  type: 'words',
  words: Array.from({ length: count }, (_, index) => ({ number: index + 1, word: null, digits: null })),
  copyOf: { words: null, digits: null },
});

const seed = (count: number): Pick<Sheet, 'title' | 'blocks'> => ({
  title: `Seed of ${count} words`,
  blocks: [{ type: 'facts', facts: [line('Fingerprint'), line('Passphrase needed')] }, words(count)],
});
const slip39 = (count: number): Pick<Sheet, 'title' | 'blocks'> => ({
  title: `SLIP-39 share of ${count} words`,
  blocks: [{ type: 'facts', facts: [line('Share, and how many are needed'), line('Fingerprint')] }, words(count)],
});
const codex32 = (count: number): Pick<Sheet, 'title' | 'blocks'> => ({
  title: `codex32 share of ${count} characters`,
  blocks: [{ type: 'facts', facts: [line('Share, and how many are needed'), line('Fingerprint')] }, { type: 'boxes', heading: 'Characters', count }],
});
const seedQr = (modules: 21 | 25 | 29): Pick<Sheet, 'title' | 'blocks'> => ({
  title: `SeedQR, ${modules} by ${modules}`,
  blocks: [
    { type: 'facts', facts: [line('Fingerprint')] },
    { type: 'code-grid', heading: 'Fill each dark module', note: 'Copy it block by block from the screen of the signing device with a felt pen, then scan it back before you put it away.', modules },
  ],
});

const templates: Readonly<Record<TemplateName, Pick<Sheet, 'title' | 'blocks'>>> = {
  'seed-12': seed(12),
  'seed-24': seed(24),
  'slip39-20': slip39(20),
  'slip39-33': slip39(33),
  'slip39-59': slip39(59),
  'codex32-48': codex32(48),
  'codex32-74': codex32(74),
  'codex32-127': codex32(127),
  'seedqr-21': seedQr(21),
  'seedqr-25': seedQr(25),
  'seedqr-29': seedQr(29),
  'custody-log': {
    title: 'Custody log',
    blocks: [
      { type: 'facts', facts: [line('Sheet or device'), line('Kept at')] },
      { type: 'table', heading: 'Opened and closed', rows: 12, columns: [{ title: 'Date', share: 3 }, { title: 'Seal found', share: 3 }, { title: 'Seal left', share: 3 }, { title: 'Reason', share: 6 }, { title: 'Names', share: 5 }] },
    ],
  },
};

/** A blank sheet for handwriting; a date and label left empty are written by hand too. */
export function templateSheet(facts: SheetFacts, name: TemplateName): Sheet {
  const isLog = name === 'custody-log';
  return sheetOf({
    ...facts,
    kind: 'template',
    part: isLog ? 'public' : 'secret',
    warning: isLog ? 'holds no secret; keep it with what it describes' : 'once it is filled in, whoever reads it has the secret',
    ...templates[name],
  });
}
