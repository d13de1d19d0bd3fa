import { sha256 } from '@noble/hashes/sha2.js';
import type { InferInput } from 'valibot';
import { toBase64, toHex } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { signerCoreContract } from '../../host/signer-contract.ts';
import { encodePsbt } from '../../psbt/codec/encode.ts';
import type { SignedPsbt } from '../../psbt/psbt.ts';
import { findingCatalog, type FindingCode } from '../../review/finding.ts';
import { toReviewReport } from '../../review/review-report.ts';
import type { Review } from '../../review/review.ts';

type SignedReply = InferInput<(typeof signerCoreContract)['psbt.sign']['output']>;

/**
 * What a signed file says of itself, after it was read back as a stranger would read it.
 * @param before the review that was approved
 * @param reviewAgain reviews bytes as the first time
 * @throws StrongroomError `sign.disagreement`
 */
export function signedReply(before: Review, signed: SignedPsbt, reviewAgain: (psbtBytes: Uint8Array) => Review): SignedReply {
  const signedBytes = encodePsbt(signed);
  const after = reviewAgain(signedBytes);
  // SECURITY: a signature that fails here never gets out.
  if (after.verdict === 'refused') throw unfit();
  return {
    psbtBase64: toBase64(signedBytes),
    psbtSha256: toHex(sha256(signedBytes)),
    signedInputs: after.inputs.filter((input, index) => input.signedBy.length > (before.inputs[index]?.signedBy.length ?? 0)).length,
    quorum: toReviewReport(after).quorum,
    findings: toReviewReport(before).findings,
  };
}

export const isFindingCode = (code: string): code is FindingCode => Object.hasOwn(findingCatalog, code);

const unfit = (): StrongroomError =>
  new StrongroomError('sign.disagreement', 'The signed file does not pass its own review. It was not given out.', {}, 'Review the file again. If it repeats, do not use this installation.');
