/**
 * What the worst files that are taken cost: one case a process, so that its peak of memory is its own.
 *   node --experimental-strip-types test/bench/hostile-files.ts CASE
 * Prints one line of JSON. The file is made by another process, so that nothing of the making counts.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPsbtFile } from '../../src/airgap/psbt-file.ts';
import { encodePsbt } from '../../src/psbt/codec/encode.ts';
import { approve } from '../../src/review/approve.ts';
import { reviewPsbt, type ReviewContext } from '../../src/review/review-psbt.ts';
import { toReviewReport } from '../../src/review/review-report.ts';
import { signWithPaperKeys } from '../../src/signer/paper-key-sign.ts';
import { libsecp256k1 } from '../../src/signer/curve-libsecp256k1.ts';
import { nobleCurves } from '../../src/signer/curve-noble.ts';
import { useNativeSha256 } from '../../src/node/shared/native-sha256.ts';
import { contextOf, testWallet } from '../unit/support/psbt-builder.ts';
import { hostileFile, hostileNames, paper, type HostileName } from '../support/hostile-files.ts';

const [, self, name, target] = process.argv as [string, string, HostileName, string | undefined];
if (!hostileNames.includes(name)) throw new Error(`one of ${hostileNames.join(', ')}`);
useNativeSha256();
const wallet = testWallet(2, 3);
// The wallet's addresses are derived once in each process, whatever the file is: not what is measured here.
wallet.deriver.derive(0, 0);
if (target !== undefined) {
  writeFileSync(target, hostileFile(name, wallet));
  process.exit();
}
const folder = mkdtempSync(join(tmpdir(), 'strongroom-hostile-'));
const file = join(folder, 'file.psbt');
spawnSync(process.execPath, [...process.execArgv, self, name, file], { stdio: 'inherit' });
const bytes = new Uint8Array(readFileSync(file));
rmSync(folder, { recursive: true });
const before = process.memoryUsage().rss;
const started = process.cpuUsage();
const at = performance.now();
let outcome: string;
try {
  const psbtBytes = readPsbtFile(bytes);
  const context: ReviewContext = name === 'parents that are signed' ? { wallets: [], singleKeys: [paper], network: 'regtest', thisKey: null } : contextOf(wallet);
  const review = reviewPsbt(psbtBytes, context);
  const report = JSON.stringify(toReviewReport(review));
  outcome = `${review.verdict}, ${review.findings.length} findings, report of ${(report.length / 1_048_576).toFixed(1)} MiB`;
  if (review.verdict !== 'refused') {
    const signed = encodePsbt(signWithPaperKeys(approve(review, psbtBytes, review.findings.map(({ code }) => code)), [paper.paperKey], { first: libsecp256k1, second: nobleCurves }));
    // As the program does before it gives a signed file out.
    outcome += `; signed, then ${reviewPsbt(signed, context).quorum.stillNeeded} still needed`;
  }
} catch (fault) {
  outcome = (fault as { code?: string }).code ?? String(fault);
}
const { user, system } = process.cpuUsage(started);
const mib = (size: number): number => Math.round(size / 1_048_576);
console.log(JSON.stringify({ name, fileMiB: mib(bytes.length), outcome, processorMs: Math.round((user + system) / 1000), clockMs: Math.round(performance.now() - at), beforeMiB: mib(before), peakMiB: mib(process.resourceUsage().maxRSS * 1024) }));
