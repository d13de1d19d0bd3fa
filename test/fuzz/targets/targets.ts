import type { Target } from '../engine/target.ts';
import { bbqrTarget, inflateTarget, psbtFileTarget } from './airgap.ts';
import { framesTarget } from './frames.ts';
import { combineTarget, decodeTarget, finalizeTarget, reviewTargets } from './psbt.ts';
import { codex32Target, secretTarget, shareSetTarget, slip39Target } from './secrets.ts';
import { descriptorTarget, foreignWalletTarget, keyRecordTarget, registrationTarget, walletFileTarget } from './wallet.ts';

/** Every door of the program that is fuzzed. */
export const targets: readonly Target[] = [
  decodeTarget, ...reviewTargets, combineTarget, finalizeTarget, psbtFileTarget, bbqrTarget, framesTarget, inflateTarget,
  descriptorTarget, keyRecordTarget, walletFileTarget, foreignWalletTarget, registrationTarget, secretTarget, slip39Target, codex32Target, shareSetTarget,
];
