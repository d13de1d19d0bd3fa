/** Every attack that leaves the file readable. Those that end the reading are in `file-attacks.ts`. */
import type { Attack } from './attack.ts';
import { originAttacks } from './origin-attacks.ts';
import { ownershipAttacks } from './ownership-attacks.ts';
import { proofAttacks } from './proof-attacks.ts';
import { changeAttacks, feeAttacks, outputAttacks } from './output-attacks.ts';
import { scriptAttacks } from './script-attacks.ts';
import { taprootOutputAttacks } from './tap-output-attacks.ts';
import { taprootScriptAttacks } from './tap-script-attacks.ts';
import { taprootSignatureAttacks } from './tap-signature-attacks.ts';
import { contextAttacks, sighashAttacks, signatureAttacks, transactionAttacks } from './transaction-attacks.ts';

export const attacks: readonly Attack[] = [
  ...proofAttacks, ...ownershipAttacks, ...scriptAttacks, ...taprootScriptAttacks, ...originAttacks, ...changeAttacks, ...taprootOutputAttacks, ...outputAttacks,
  ...feeAttacks, ...sighashAttacks, ...signatureAttacks, ...taprootSignatureAttacks, ...transactionAttacks, ...contextAttacks,
];
