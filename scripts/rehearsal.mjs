import { randomBytes, randomInt } from 'node:crypto';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { btc, createLook } from './lib/rehearsal-look.mjs';
import { ProgramFailed, commandLine, runProgram } from './lib/rehearsal-programs.mjs';

/*
 * The main job from end to end, in a terminal: three people make keys offline, found a 2-of-3 wallet, take money in from a
 * hot wallet, pay out of it with two signatures, and close the books. The programs run as separate processes and hand each
 * other nothing but files in the folder gap/. What is shown is what was run.
 */

const OFFICERS = [{ name: 'Alice', folder: 'officer-a' }, { name: 'Bruno', folder: 'officer-b' }, { name: 'Chiara', folder: 'officer-c' }];
const HOT_SATS = 250_000_000n;
const FLOOR_SATS = '50000000';
const PAYMENTS_SATS = [12_345_678n, 4_200_000n];
const DICE_ROLLS = 99;

/** Something came out otherwise than the ceremony demands. */
export class CeremonyFailed extends Error {}

/**
 * Runs the whole ceremony.
 * @param {object} plan
 * @param {string} plan.folder the rehearsal's folder, empty or not there yet
 * @param {any} plan.chain `practiceChain(...)` or `bitcoindChain(...)`
 * @param {NodeJS.ProcessEnv} [plan.environment] for the programs; says which Node they take
 * @param {any} [plan.look] how it is shown
 * @param {readonly string[]} [plan.wrapSigner] a command that runs strongroom-signer, for tests that watch it (strace)
 * @param {(seen: { program: string, args: string[], answer: Record<string, any> }) => void} [plan.observe] told of every command line and its JSON answer
 * @returns {Promise<Record<string, any>>} the facts that tests compare: wallet, transactions, balances, artifacts
 * @throws CeremonyFailed, ProgramFailed, NodeFailed
 */
export async function rehearse({ folder, chain, environment = process.env, look = createLook(), wrapSigner = [], observe = () => undefined }) {
  const startedAt = performance.now();
  const at = (...parts) => join(folder, ...parts);
  const steps = [];
  const summary = {};

  for (const name of ['gap', 'online', ...OFFICERS.map((officer) => officer.folder)]) mkdirSync(at(name), { recursive: true, mode: name === 'gap' ? 0o755 : 0o700 });

  /** One step: says what and why, does it, says what came of it and how long it took. */
  const step = async (name, why, work) => {
    const number = steps.length + 1;
    look.stepBegins(number, name, why);
    const began = performance.now();
    const rows = (await work()) ?? [];
    const seconds = (performance.now() - began) / 1000;
    look.facts(rows);
    look.stepEnds(seconds);
    steps.push({ number, name, seconds });
  };
  const run = async (program, args, options = {}) => {
    look.command(commandLine(program, args));
    const answer = await runProgram(program, args, { folder, environment, ...options });
    observe({ program, args, answer });
    return answer;
  };
  const signer = (args, options = {}) => run('strongroom-signer', args, { wrap: wrapSigner, ...options });
  const companion = (args, options) => run('strongroom-companion', args, options);
  const companionOnChain = (...args) => companion([...args, '--node', chain.node]);
  const ledger = ['--db', 'online/ledger.db'];
  const must = (condition, message) => {
    if (!condition) throw new CeremonyFailed(message);
  };

  look.title('Strongroom: a rehearsal of the whole ceremony', [
    ['chain', chain.name],
    ['folder', folder],
    ['rules', 'officer-a, officer-b and officer-c are offline laptops; online is the office; gap/ is the memory stick between them.'],
  ]);

  // ---- Keys and the wallet -------------------------------------------------------------------------------------------
  look.chapter('Three keys, made offline', 'on each officer\'s own laptop');
  for (const officer of OFFICERS) {
    officer.passphrase = `${officer.folder}/passphrase.txt`;
    writeFileSync(at(officer.passphrase), `${randomBytes(12).toString('base64url')}\n`, { mode: 0o600 });
    await step(`${officer.name} makes a key`, officer === OFFICERS[0]
      ? `Two sources are mixed, so that neither a bad chip nor a bad die alone can weaken the key. In a rehearsal the ${DICE_ROLLS} rolls and the passphrase are made up by this script; with real money you roll a real die and choose the passphrase yourself.`
      : 'On another laptop, in another room: no one person ever sees two keys.', async () => {
      const key = await withDice(at(officer.folder, 'dice.txt'), () => signer(['key', 'create', '--network', chain.network, '--label', officer.name, '--dice', `${officer.folder}/dice.txt`, '--passphrase-file', officer.passphrase, '--out', `${officer.folder}/${officer.name.toLowerCase()}.key.age`]));
      officer.fingerprint = key.fingerprint;
      officer.keyFile = key.out;
      const record = await signer(['key', 'export', '--key', key.out, '--passphrase-file', officer.passphrase, '--script', 'p2wsh', '--out', 'gap']);
      officer.record = record.out;
      return [['fingerprint', key.fingerprint], ['entropy', key.sources.join(' + ')], ['key file', `${key.out} (encrypted, stays here)`], ['into the gap', `${record.out} (public)`]];
    });
  }

  look.chapter('A wallet that any two of the three can spend', 'at the office, then on every laptop');
  await step('The office puts the wallet together', 'It needs only the public records. Nobody has to trust the office: each officer checks the result before using it.', async () => {
    const wallet = await companion(['wallet', 'create', '--name', 'Treasury', '--network', chain.network, '--script', 'p2wsh', '--required', '2', ...OFFICERS.flatMap((officer) => ['--cosigner', officer.record, '--label', officer.name]), '--out', 'gap']);
    must(OFFICERS.every((officer) => wallet.cosigners.some((cosigner) => cosigner.fingerprint === officer.fingerprint)), 'The wallet does not hold the three keys that were made.');
    Object.assign(summary, { walletFile: wallet.out, walletId: wallet.walletId, policyId: wallet.policyId, descriptor: wallet.descriptor });
    return [['quorum', `${wallet.quorum.required} of ${wallet.quorum.total}`], ['policy id', wallet.policyId], ['into the gap', wallet.out]];
  });
  for (const officer of OFFICERS) {
    await step(`${officer.name} compares the policy id and registers the wallet`, officer === OFFICERS[0]
      ? 'The eight words stand for every key and the quorum. They are read out over the phone and typed in by hand; had the office swapped a key, they would differ. The registration is sealed by this key: from now on change is proven against it.'
      : 'The same words again, compared by this officer too.', async () => {
      const shown = await signer(['wallet', 'policy', '--wallet', summary.walletFile]);
      must(shown.policyId === summary.policyId, 'The Signer computes another policy id than the Companion.');
      const registered = await signer(['wallet', 'register', '--key', officer.keyFile, '--passphrase-file', officer.passphrase, '--wallet', summary.walletFile, '--policy-id', summary.policyId, '--out', `${officer.folder}/treasury.registration.json`]);
      officer.registration = registered.out;
      summary.firstReceive ??= registered.firstReceive;
      must(registered.firstReceive === summary.firstReceive, 'Two Signers derive different first addresses.');
      return [['own key', registered.ownKey], ['first receive', registered.firstReceive], ['registration', `${registered.out} (stays here)`]];
    });
  }

  // ---- Money in ------------------------------------------------------------------------------------------------------
  look.chapter('From the hot wallet into the strongroom', `at the office, on ${chain.name}`);
  await step('The hot wallet has money', 'Day-to-day money comes in here. The node itself keeps this wallet and its keys.', async () => {
    look.note(await chain.prepare(HOT_SATS));
    const status = await companionOnChain('node', 'check');
    const balance = await companionOnChain('hot', 'balance', '--from', chain.hotWallet);
    must(BigInt(balance.balanceSats) >= HOT_SATS, 'The hot wallet was not funded.');
    summary.hotBeforeSats = balance.balanceSats;
    return [['chain', `${status.chain} at height ${status.height}`], ['hot wallet', btc(balance.balanceSats)]];
  });
  await step('A sweep is planned, unsigned', `What is above a float of ${btc(FLOOR_SATS)} goes to the cold wallet's next receive address. The file holds the full previous transactions, so that whoever signs can prove every amount.`, async () => {
    const sweep = await companion(['sweep', 'plan', '--from', chain.hotWallet, '--to', summary.walletFile, '--node', chain.node, '--floor-sats', FLOOR_SATS, '--fee-rate', '5', '--out', 'online', ...ledger]);
    must(sweep.plan.destination.address === summary.firstReceive, 'The sweep does not go to the address that the Signers derive.');
    Object.assign(summary, { sweepPsbt: sweep.out, sweptSats: sweep.plan.paymentsSats });
    return [['sweeps', btc(sweep.plan.paymentsSats)], ['to', `${sweep.plan.destination.address} (${sweep.plan.destination.branch} ${sweep.plan.destination.index})`], ['fee', `${sweep.plan.feeSats} sat, ${sweep.plan.feeRateSatPerVb} sat/vB`], ['left hot', btc(sweep.plan.leftHotSats)], ['unsigned PSBT', sweep.out]];
  });
  await step('The node signs it with its hot wallet, and it is sent', 'Hot money needs no ceremony: the node signs. The Companion asks the node to test the transaction before it sends it, and books it.', async () => {
    const signed = await companion(['hot', 'sign', summary.sweepPsbt, '--from', chain.hotWallet, '--node', chain.node, '--out', 'online']);
    const sent = await companion(['tx', 'broadcast', signed.out, '--node', chain.node, '--wallet', summary.walletFile, '--reference', 'weekly sweep', ...ledger]);
    must(sent.txid === signed.txid, 'Another transaction was sent than was signed.');
    const mined = await chain.mine(1);
    look.command(mined.how);
    summary.sweepTxid = sent.txid;
    return [['transaction', sent.txid], ['in block', String(mined.height)]];
  });
  await step('The office sees it arrive', 'The node watches the wallet by its public descriptor.', async () => {
    const synced = await companion(['wallet', 'sync', '--wallet', summary.walletFile, '--node', chain.node, ...ledger]);
    must(synced.balanceSats === summary.sweptSats, `The wallet should hold ${summary.sweptSats} sat and holds ${synced.balanceSats}.`);
    return [['cold balance', btc(synced.balanceSats)], ['outputs', String(synced.utxos.length)]];
  });

  // ---- Money out -----------------------------------------------------------------------------------------------------
  look.chapter('A payment out of the strongroom', 'at the office, then across the gap');
  await step('Two suppliers are to be paid', 'Accounting hands over a CSV file. One transaction pays everybody; what remains goes back to an address of the wallet.', async () => {
    const payees = await chain.payees(PAYMENTS_SATS.length);
    const rows = payees.map((address, index) => `${address},${PAYMENTS_SATS[index]},invoice 2026-${101 + index}`);
    writeFileSync(at('online', 'payments.csv'), `address,amount_sats,reference\n${rows.join('\n')}\n`);
    const pay = await companion(['pay', 'plan', '--wallet', summary.walletFile, '--payments', 'online/payments.csv', '--node', chain.node, '--fee-rate', '8', '--out', 'gap', '--qr', 'gap/qr-unsigned', ...ledger]);
    must(BigInt(pay.plan.paymentsSats) === PAYMENTS_SATS.reduce((sum, sats) => sum + sats, 0n), 'The plan does not pay what the CSV says.');
    Object.assign(summary, { payPsbt: pay.out, payFeeSats: pay.plan.feeSats, psbtSha256: pay.psbtSha256, qrTextFile: pay.qrText, payees });
    return [
      ...pay.plan.payments.map((payment) => [payment.reference, `${btc(payment.amountSats)} to ${payment.address}`]),
      ['change', `${btc(pay.plan.change.amountSats)} to ${pay.plan.change.address} (${pay.plan.change.branch} ${pay.plan.change.index})`],
      ['fee', `${pay.plan.feeSats} sat, ${pay.plan.feeRateSatPerVb} sat/vB`], ['into the gap', pay.out], ['as QR codes', `gap/qr-unsigned (${pay.qrFrames} ${pay.qrFrames === 1 ? 'frame' : 'frames'})`],
    ];
  });

  look.chapter('Two reviews, two signatures', 'offline, in two rooms');
  const signedFiles = [];
  for (const officer of OFFICERS.slice(0, 2)) {
    const common = ['--key', officer.keyFile, '--passphrase-file', officer.passphrase, '--registration', officer.registration];
    await step(`${officer.name} reviews and signs`, officer === OFFICERS[0]
      ? 'The file is treated as hostile: every amount is proven from the full previous transaction, change is rebuilt from the registered wallet, and all that cannot be proven is refused. The signature is bound to the very bytes that were reviewed.'
      : 'From the same unsigned file and without having seen the first signature: two judgements, not one and a nod. This time the file comes in as QR frames.', async () => {
      const file = officer === OFFICERS[0] ? summary.payPsbt : summary.qrTextFile;
      const review = await signer(['psbt', 'review', file, ...common], { accept: [0, 2] });
      must(review.reviewId === summary.psbtSha256, 'What reached the Signer is not what the office planned.');
      must(review.feeSats === summary.payFeeSats && review.payments.length === PAYMENTS_SATS.length && review.change.length === 1, 'The review shows another transaction than the plan.');
      const codes = [...new Set(review.findings.filter((finding) => finding.severity === 'acknowledge').map((finding) => finding.code))];
      const signed = await signer(['psbt', 'sign', file, ...common, '--review-id', review.reviewId, ...(codes.length === 0 ? [] : ['--acknowledge', codes.join(',')]), '--out', 'gap']);
      must(signed.signedInputs === review.inputs.length, 'Not every input was signed.');
      signedFiles.push(signed.out);
      return [
        ['verdict', review.verdict], ['arithmetic', `${btc(review.inputsSats)} in, ${btc(review.paymentsSats)} out, ${btc(review.changeSats)} back, fee ${review.feeSats} sat (${review.feePercent} %)`],
        ['change', `${review.change[0].address}, proven at .../${review.change[0].branch === 'receive' ? 0 : 1}/${review.change[0].childIndex}`],
        ['findings', review.findings.length === 0 ? 'none' : review.findings.map((finding) => `${finding.code} (${finding.severity})`).join(', ')],
        ['signed', `${signed.signedInputs} ${signed.signedInputs === 1 ? 'input' : 'inputs'} as ${officer.fingerprint}; still needed: ${signed.quorum.stillNeeded}`], ['into the gap', signed.out],
      ];
    });
  }

  look.chapter('Combined, sent, confirmed', `at the office, on ${chain.name}`);
  await step('The signatures are combined and the transaction is finalized', 'Every signature is verified again and attributed to its cosigner. The third officer was not needed.', async () => {
    const combined = await companion(['psbt', 'combine', ...signedFiles, '--wallet', summary.walletFile, '--out', 'online']);
    must(combined.quorum.stillNeeded === 0, 'The quorum is not reached.');
    const final = await companion(['psbt', 'finalize', combined.out, '--wallet', summary.walletFile, '--out', 'online']);
    must(final.feeSats === summary.payFeeSats, 'The final transaction pays another fee than planned.');
    Object.assign(summary, { finalTransaction: final.out, payTxid: final.txid });
    return [['signed by', combined.quorum.signed.join(', ')], ['transaction', final.txid], ['size', `${final.vsizeVb} vB`], ['fee', `${final.feeSats} sat, ${final.feeRateSatPerVb} sat/vB`], ['final transaction', final.out]];
  });
  await step('It is sent and confirmed', 'The node tests it first. It counts as done when it is in a block.', async () => {
    const sent = await companion(['tx', 'broadcast', summary.finalTransaction, '--node', chain.node, '--wallet', summary.walletFile, '--reference', 'invoice 2026-101', '--reference', 'invoice 2026-102', ...ledger]);
    must(sent.txid === summary.payTxid, 'Another transaction was sent than was finalized.');
    const mined = await chain.mine(1);
    look.command(mined.how);
    const refreshed = await companion(['ledger', 'refresh', '--wallet', summary.walletFile, '--node', chain.node, ...ledger]);
    return [['transaction', sent.txid], ['in block', String(mined.height)], ['cold balance', btc(refreshed.balances[0]?.confirmedSats ?? '0')]];
  });

  look.chapter('The books', 'at the office');
  await step('The ledger is listed and audited', 'The audit asks the node for its whole set of unspent outputs, filtered by the wallet\'s descriptor: a truth that the ledger had no part in.', async () => {
    const books = await companion(['ledger', 'list', ...ledger]);
    for (const txid of [summary.sweepTxid, summary.payTxid]) must(books.entries.some((entry) => entry.txid === txid && entry.state === 'confirmed'), `The ledger does not say "confirmed" of ${txid}.`);
    await companion(['ledger', 'export', '--format', 'csv', '--out', 'online/ledger.csv', ...ledger]);
    const audit = await companion(['ledger', 'audit', '--wallet', summary.walletFile, '--node', chain.node, ...ledger]);
    const expected = BigInt(summary.sweptSats) - PAYMENTS_SATS.reduce((sum, sats) => sum + sats, 0n) - BigInt(summary.payFeeSats);
    must(audit.agrees && BigInt(audit.ledgerSats) === expected && BigInt(audit.nodeSats) === expected, `Ledger ${audit.ledgerSats}, node ${audit.nodeSats}, expected ${expected} sat.`);
    Object.assign(summary, { ledgerSats: audit.ledgerSats, nodeSats: audit.nodeSats, entries: books.entries });
    const rows = [['ledger', btc(audit.ledgerSats)], ['node\'s UTXO set', btc(audit.nodeSats)]];
    if (chain.scan !== null) {
      const scan = await chain.scan([0, 1].map((branch) => summary.descriptor.replace(/#.*$/, '').replaceAll('<0;1>', String(branch))));
      look.command(scan.how);
      must(scan.sats === expected, `The node's own scan finds ${scan.sats} sat, expected ${expected}.`);
      summary.scanSats = String(scan.sats);
      rows.push(['asked directly', btc(scan.sats)]);
    }
    return [...rows, ['entries', books.entries.map((entry) => `${entry.kind} ${btc(entry.changeSats)} ${entry.state}`).join('; ')]];
  });

  // ---- Summary -------------------------------------------------------------------------------------------------------
  const seconds = (performance.now() - startedAt) / 1000;
  look.chapter('Done: everything is confirmed', `${seconds.toFixed(1)} s in all`);
  look.print('');
  look.table([['step', 'what', 'seconds'], ...steps.map(({ number, name, seconds: took }) => [number, name, took.toFixed(1)]), ['', 'all steps', seconds.toFixed(1)]], [0, 2]);
  look.print('', look.bold('Where everything lies'), '');
  look.table([['file', 'bytes'], ...listFiles(folder).map((file) => [file, statSync(at(file)).size])], [1]);
  look.print('', `All of it is in ${folder}. Nothing in it is worth anything: keep it to look at, or delete it.`, '');
  return { ...summary, steps, seconds, officers: OFFICERS.map(({ name, fingerprint, keyFile, registration, record }) => ({ name, fingerprint, keyFile, registration, record })) };
}

/**
 * Makes up rolls of a die, writes them to a file and uses them. Some three in a thousand series of honest rolls look too
 * regular to the Signer, which then asks for others: that is what happens here too.
 */
async function withDice(file, use) {
  for (let attempt = 1; ; attempt += 1) {
    writeFileSync(file, `${Array.from({ length: DICE_ROLLS }, () => randomInt(1, 7)).join('')}\n`, { mode: 0o600 });
    try {
      return await use();
    } catch (fault) {
      if (!(fault instanceof ProgramFailed) || fault.code !== 'entropy.weak' || attempt === 5) throw fault;
    }
  }
}

function listFiles(folder, below = folder) {
  return readdirSync(below, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? listFiles(folder, join(below, entry.name)) : [relative(folder, join(below, entry.name))])).sort();
}
