import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { InferOutput } from 'valibot';
import { parseBase64, toBase64 } from '../../domain/bytes.ts';
import type { companionCoreContract } from '../../host/companion-contract.ts';
import { PSBT_FILE_BYTES } from '../shared/command-files.ts';
import { defineCommand } from '../shared/command.ts';
import { forceOption, qrForOption, qrOption } from '../shared/common-options.ts';
import { flag, optional, repeated, required } from '../shared/option.ts';
import { placeQrCodes, writeQrCodes } from '../shared/qr-output.ts';
import { btc, facts, satsText, table } from '../shared/text-layout.ts';
import { inputFileValue, outputFileValue, textValue } from '../shared/value-kinds.ts';
import { dbOption, nodeOption, withCompanion } from './session.ts';

const planPositional = required(textValue('PLAN'), 'the plan\'s id or its transaction\'s, or the first eight digits of one');
type Entry = InferOutput<(typeof companionCoreContract)['queue.details']['output']>['entry'];

const stateWords = {
  unsigned: 'unsigned', 'partly-signed': 'partly signed', complete: 'complete, not finalized', finalized: 'finalized, not sent', broadcast: 'sent, not confirmed', confirmed: 'confirmed',
  expired: 'EXPIRED', 'spent-otherwise': 'ITS INPUTS WERE SPENT OTHERWISE', discarded: 'discarded', superseded: 'superseded',
} as const;

const stateText = (entry: Entry): string => (entry.state === 'confirmed' ? `confirmed (${entry.confirmations})` : entry.state === 'partly-signed' ? `signed by ${entry.signedBy.length} of ${entry.quorum?.required ?? '?'}` : stateWords[entry.state]);
const person = ({ fingerprint, label }: { readonly fingerprint: string; readonly label: string }): string => (label === '' ? fingerprint : `${label} (${fingerprint})`);

/** Whose keys sign, where they are not those of the wallet that the plan is of. */
const signersText = ({ signers, signingWallets = [] }: Entry): string =>
  signingWallets.length > 0 ? signingWallets.map(({ name, required, total }) => `${required} of ${total} of ${name}`).join(', ') : signers === 'paper' ? 'the keys of papers, by the Signer: its one reply is added here' : 'the node\'s own wallet, by the node';

const entryLines = (entry: Entry): readonly string[] => facts([
  ['plan', entry.planId], ['state', stateText(entry)], ...(entry.by === null ? [] : [['by', entry.by] as const]),
  ['payment', `version ${entry.version} of ${entry.paymentId}`], ['wallet', entry.walletName], ['planned', entry.plannedAt], ['expires', entry.expiresAt],
  ['pays', `${btc(entry.paymentsSats)} in ${entry.payments} ${entry.payments === 1 ? 'payment' : 'payments'}`], ['change', btc(entry.changeSats)], ['fee', `${satsText(entry.feeSats)}, ${entry.feeRateSatPerVb} sat/vB`],
  ...entry.signedBy.map((signature) => ['signed by', `${person(signature)}, ${signature.file}, ${signature.receivedAt}`] as const),
  ...(entry.signers === 'cold' ? [] : [['signed with', signersText(entry)] as const]),
  ...(entry.quorum === null || entry.quorum.stillNeeded === 0 ? [] : [['still needed', `${entry.quorum.stillNeeded} of`] as const]),
  ...entry.awaited.map((cosigner) => ['  ', `${person(cosigner)}${cosigner.handedAt === null ? '' : `, handed over ${cosigner.handedAt}`}`] as const),
  ...(entry.final === null ? [] : [['transaction', entry.final.txid] as const]),
  ...(entry.discarded === null ? [] : [['discarded', `${entry.discarded.at}: ${entry.discarded.reason}`] as const]),
]);

const list = defineCommand({
  name: 'queue list',
  summary: 'Show the plans that wait to be signed or sent',
  notes: ['States are as of the last "ledger refresh".'],
  positionals: {},
  options: { 'wallet-id': optional(textValue('ID'), 'only this wallet, by its wallet id'), all: flag('also what is confirmed, expired, discarded or superseded'), db: dbOption },
  run: (values, io) => withCompanion(io, values.db, async (call) => {
    const { entries } = await call('queue.list', { walletId: values['wallet-id'] ?? null, all: values.all });
    return {
      json: { entries },
      lines: entries.length === 0 ? ['The signing queue is empty.'] : table([['plan', 'wallet', 'pays', 'fee', 'state', 'awaited', 'expires'], ...entries.map((entry) => [
        entry.planId.slice(0, 16), entry.walletName, btc(entry.paymentsSats), `${entry.feeRateSatPerVb} sat/vB`, stateText(entry), entry.awaited.map(({ fingerprint }) => fingerprint).join(' '), entry.expiresAt.slice(0, 10),
      ])], [2, 3]),
    };
  }),
});

const show = defineCommand({
  name: 'queue show',
  summary: 'Show a plan, the versions of its payment, and who signed which',
  notes: ['Replies to versions that were replaced are kept apart: their names, hashes and signers, never their bytes.'],
  positionals: { plan: planPositional },
  options: { db: dbOption },
  run: (values, io) => withCompanion(io, values.db, async (call) => {
    const details = await call('queue.details', { plan: values.plan });
    const { entry, versions, quarantined, payments } = details;
    return {
      json: details,
      lines: [
        ...entryLines(entry), '', io.style.bold('Payments'),
        ...table(payments.map((payment) => [btc(payment.amountSats), payment.address, payment.reference, payment.costCode ?? '']), [0], '  '),
        '', io.style.bold('Versions'),
        ...table(versions.map((version) => [`${version.version}`, version.planId.slice(0, 16), `${version.feeRateSatPerVb} sat/vB`, stateText(version), version.signedBy.map(({ fingerprint }) => fingerprint).join(' ')]), [0, 2], '  '),
        ...(quarantined.length === 0 ? [] : ['', io.style.bold('Kept apart'), ...table(quarantined.map((reply) => [reply.file, reply.code, reply.signedBy.join(' '), reply.planId.slice(0, 16), reply.receivedAt]), [], '  ')]),
      ],
    };
  }),
});

/** A folder stands for the files in it, by name; nothing that begins with a dot. */
async function filesIn(paths: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  for (const path of paths) {
    const isFolder = path !== '-' && (await stat(path).then((found) => found.isDirectory(), () => false));
    if (!isFolder) files.push(path);
    else for (const item of (await readdir(path, { withFileTypes: true })).filter((each) => each.isFile() && !each.name.startsWith('.')).sort((a, b) => (a.name < b.name ? -1 : 1))) files.push(join(path, item.name));
  }
  return files;
}

const add = defineCommand({
  name: 'queue add',
  summary: 'Take signed replies: each finds its plan, is verified and merged',
  notes: [
    'FILE may be a PSBT in any form, a signed transaction, a file of scanned QR frames, or a folder of such files; in any order. A reply that cannot be taken is named with its reason and keeps no other one back.',
    'Where the quorum is complete, the final transaction is made and compared with the plan. Exit code 3 when a reply was refused.',
    'Sweeps of watched wallets are signed by these wallets\' own quorums; a sweep of papers is complete with its one reply. What a node sweeps out of a wallet of its own, it signs itself.',
  ],
  positionals: { file: repeated(inputFileValue, 1, 'a reply, or a folder of replies') },
  options: { db: dbOption },
  async run(values, io) {
    const files: { name: string; contentBase64: string }[] = [];
    for (const path of await filesIn(values.file)) {
      const name = path === '-' ? 'standard input' : basename(path).replace(/\p{C}/gu, '').slice(0, 200);
      files.push({ name: name === '' ? `file ${files.length + 1}` : name, contentBase64: toBase64(await io.files.readBytes(path, PSBT_FILE_BYTES)) });
    }
    return withCompanion(io, values.db, async (call) => {
      const { outcomes, entries } = files.length === 0 ? { outcomes: [], entries: [] } : await call('queue.add', { files });
      const isRefused = outcomes.some(({ outcome }) => outcome === 'refused');
      return {
        json: { outcomes, entries },
        lines: [
          ...(outcomes.length === 0 ? ['The folder holds no files.'] : []),
          ...outcomes.map((outcome) => {
            const signers = outcome.signedBy.map(person).join(', ');
            if (outcome.error !== null) return `REFUSED ${outcome.file}: ${outcome.error.message} ${outcome.error.hint}${signers === '' ? '' : ` Signed by ${signers}.`}`;
            return `${outcome.outcome === 'duplicate' ? 'here already' : 'taken'}: ${outcome.file}, ${signers !== '' ? `signed by ${signers}` : outcome.finalized ? 'completely signed' : 'signed by nobody on every input'}`;
          }),
          ...entries.flatMap((entry) => ['', ...entryLines(entry)]),
        ],
        ...(isRefused ? { exit: 3 as const } : {}),
      };
    });
  },
});

const exportPlan = defineCommand({
  name: 'queue export',
  summary: 'Write the file, and the QR codes, that a cosigner signs next',
  notes: ['It holds the signatures so far, unless --unsigned. With --cosigner the queue notes to whom it was handed.'],
  positionals: { plan: planPositional },
  options: {
    cosigner: optional(textValue('FINGERPRINT'), 'to whom it is handed'), unsigned: flag('without the signatures so far'),
    out: required(outputFileValue, 'where the PSBT goes; an existing folder takes it under a suggested name'), db: dbOption, qr: qrOption, 'qr-for': qrForOption, force: forceOption,
  },
  async run(values, io) {
    const place = await io.files.place(values.out, values.force);
    const qrPlace = await placeQrCodes(io, values);
    return withCompanion(io, values.db, async (call) => {
      const made = await call('queue.export', { plan: values.plan, cosigner: values.cosigner ?? null, unsigned: values.unsigned });
      const psbt = parseBase64(made.psbtBase64);
      const out = await io.files.write(place, made.suggestedName, psbt);
      const qr = await writeQrCodes(io, qrPlace, out, psbt);
      return { json: { form: made.form, psbtSha256: made.psbtSha256, entry: made.entry, out, ...qr.json }, lines: facts([['PSBT', out], ['SHA-256', made.psbtSha256], ['awaited', made.entry.awaited.map(person).join(', ')], ...qr.facts]) };
    });
  },
});

const discard = defineCommand({
  name: 'queue discard',
  summary: 'Give a plan up; its signatures are taken no more',
  notes: ['Files of it that are about still hold signatures: have them destroyed. What was sent is taken back with "pay cancel".'],
  positionals: { plan: planPositional },
  options: { reason: required(textValue('TEXT'), 'why, for whoever asks later'), db: dbOption },
  run: (values, io) => withCompanion(io, values.db, async (call) => {
    const { entry } = await call('queue.discard', { plan: values.plan, reason: values.reason });
    return { json: { entry }, lines: entryLines(entry) };
  }),
});

const finalize = defineCommand({
  name: 'queue finalize',
  summary: 'Write the final transaction of a plan whose quorum is complete',
  notes: ['It was compared with the plan. Nothing is sent.'],
  positionals: { plan: planPositional },
  options: { out: required(outputFileValue, 'where the transaction goes; an existing folder takes it under a suggested name'), db: dbOption, force: forceOption },
  async run(values, io) {
    const place = await io.files.place(values.out, values.force);
    return withCompanion(io, values.db, async (call) => {
      const { transactionHex, suggestedName, ...final } = await call('queue.finalize', { plan: values.plan });
      const out = await io.files.write(place, suggestedName, `${transactionHex}\n`);
      return { json: { ...final, out }, lines: facts([['transaction', io.style.bold(final.txid)], ['size', `${final.vsizeVb} vB`], ['fee', `${satsText(final.feeSats)}, ${final.feeRateSatPerVb} sat/vB`], ['final transaction', out]]) };
    });
  },
});

const broadcast = defineCommand({
  name: 'queue broadcast',
  summary: 'Test a complete plan\'s transaction against the node, send it, and book it',
  notes: ['The node\'s own test comes first; when it refuses, nothing is sent.'],
  positionals: { plan: planPositional },
  options: { node: nodeOption, db: dbOption },
  run: (values, io) => withCompanion(io, values.db, async (call) => {
    const sent = await call('queue.broadcast', { plan: values.plan, node: values.node });
    return { json: sent, lines: [`Sent and booked: ${io.style.bold(sent.txid)}`] };
  }),
});

export const queueCommands = [list, show, add, exportPlan, discard, finalize, broadcast];
