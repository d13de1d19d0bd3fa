import { sha256 } from '@noble/hashes/sha2.js';
import { anonymousPsbtFileName, transactionFileName } from '../../airgap/file-names.ts';
import { readPsbtFile } from '../../airgap/psbt-file.ts';
import { parseBase64, toBase64, toHex } from '../../domain/bytes.ts';
import { feeRateOf, formatFeeRate } from '../../domain/fee-rate.ts';
import type { companionCoreContract } from '../../host/companion-contract.ts';
import type { Handlers } from '../../host/contract.ts';
import { decodePsbt } from '../../psbt/codec/decode.ts';
import { encodePsbt } from '../../psbt/codec/encode.ts';
import { combinePsbts } from '../../psbt/combiner.ts';
import { extractTransaction } from '../../psbt/extractor.ts';
import { finalizePsbt } from '../../psbt/finalizer.ts';
import type { FinalizedPsbt, Psbt } from '../../psbt/psbt.ts';
import { finalizeSingleKeys } from '../../psbt/single-key-finalizer.ts';
import { reviewPsbt } from '../../review/review-psbt.ts';
import { toReviewReport } from '../../review/review-report.ts';
import { createAddressDeriver } from '../../wallet/address.ts';
import { parseWalletFile } from '../../wallet/dialects/strongroom.ts';
import { policyIdOf } from '../../wallet/policy-id.ts';

type Core = Handlers<typeof companionCoreContract>;
type PsbtHandlers = Pick<Core, 'psbt.combine' | 'psbt.review' | 'psbt.finalize'>;

export const psbtHandlers = (): PsbtHandlers => ({
  'psbt.combine': ({ wallet, psbtFilesBase64 }) => {
    const deriver = createAddressDeriver(parseWalletFile(wallet));
    const { psbt, quorum } = combinePsbts(psbtFilesBase64.map((file) => decodePsbt(psbtOf(file))), deriver);
    const bytes = encodePsbt(psbt);
    return { psbtBase64: toBase64(bytes), quorum: { ...quorum, signed: [...quorum.signed] }, suggestedName: anonymousPsbtFileName(toHex(sha256(bytes)), 'combined') };
  },

  'psbt.review': ({ wallet: text, psbtFileBase64 }) => {
    const wallet = parseWalletFile(text);
    const context = { wallets: [{ walletId: policyIdOf(wallet).walletId, deriver: createAddressDeriver(wallet) }], network: wallet.network, thisKey: null };
    return toReviewReport(reviewPsbt(psbtOf(psbtFileBase64), context));
  },

  'psbt.finalize': ({ wallet, psbtFileBase64 }) => {
    const bytes = psbtOf(psbtFileBase64);
    const transaction = extractTransaction(wallet === null ? finalizeSingleKeys(decodePsbt(bytes)) : finalizeQuorum(decodePsbt(bytes), wallet));
    return {
      transactionHex: toHex(transaction.bytes),
      txid: transaction.txid,
      vsizeVb: transaction.vsizeVb,
      feeSats: String(transaction.feeSats),
      feeRateSatPerVb: formatFeeRate(feeRateOf(transaction.feeSats, transaction.vsizeVb)),
      suggestedName: transactionFileName(anonymousPsbtFileName(toHex(sha256(bytes)), 'final')),
    };
  },
});

function finalizeQuorum(signed: Psbt, wallet: string): FinalizedPsbt {
  const deriver = createAddressDeriver(parseWalletFile(wallet));
  // Combining one file alone checks every signature in it again.
  return finalizePsbt(combinePsbts([signed], deriver).psbt, deriver);
}

const psbtOf = (fileBase64: string): Uint8Array => readPsbtFile(parseBase64(fileBase64));
