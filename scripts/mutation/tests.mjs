import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = ['test/unit/psbt', 'test/unit/review'];
/** Of other folders, what lives on these. */
const OTHERS = ['test/unit/companion/planned-psbt.test.ts', 'test/unit/signer/paper-key-sign.test.ts', 'test/unit/signer/sign.test.ts', 'test/unit/signer/sign-message.test.ts'];
const CONFORMANCE = ['bip143', 'bip174', 'bip322', 'bip341', 'bip370', 'bip371', 'psbt-bitcoin-core', 'psbt-bitcoinjs-lib', 'psbt-hwi', 'psbt-rust-bitcoin', 'sighash'];
/** Measure time, or try random damage for seconds: neither says which rule a mutant breaks. */
const LEFT_OUT = ['codec-growth.test.ts', 'hostile-files.test.ts'];

/** What judges mutants of src/psbt and src/review: the tests of these folders, and the published cases where they are. */
export function testFiles() {
  const unit = [...FOLDERS.flatMap((folder) => readdirSync(folder).filter((name) => name.endsWith('.test.ts') && !LEFT_OUT.includes(name)).map((name) => `${folder}/${name}`)), ...OTHERS];
  const vectors = process.env.STRONGROOM_VECTORS;
  return vectors !== undefined && existsSync(join(vectors, 'bip174')) ? [...unit, ...CONFORMANCE.map((name) => `test/conformance/${name}.test.ts`)] : unit;
}
