/** Every attack that leaves the file readable. Those that end the reading are in `file-attacks.ts`. */
import type { Attack } from './attack.ts';
import { originAttacks } from './origin-attacks.ts';
import { ownershipAttacks } from './ownership-attacks.ts';
import { proofAttacks } from './proof-attacks.ts';
import { changeAttacks, feeAttacks, outputAttacks } from './output-attacks.ts';
import { contextAttacks, sighashAttacks, signatureAttacks, transactionAttacks } from './transaction-attacks.ts';

export const attacks: readonly Attack[] = [
  ...proofAttacks, ...ownershipAttacks, ...originAttacks, ...changeAttacks, ...outputAttacks, ...feeAttacks, ...sighashAttacks,
  ...signatureAttacks, ...transactionAttacks, ...contextAttacks,
];
