import { readPsbtFile } from '../../airgap/psbt-file.ts';
import { withNodeSignatures } from '../../companion/plan/hot-signatures.ts';
import { parseBase64, toBase64 } from '../../domain/bytes.ts';
import type { companionCoreContract } from '../../host/companion-contract.ts';
import type { Handlers } from '../../host/contract.ts';
import { decodePsbt } from '../../psbt/codec/decode.ts';
import { encodePsbt } from '../../psbt/codec/encode.ts';
import { extractTransaction } from '../../psbt/extractor.ts';
import { requirePlanned } from '../../psbt/plan-check.ts';
import { withChain } from './chain-access.ts';
import type { CompanionEffects } from './effects.ts';

type HotHandlers = Pick<Handlers<typeof companionCoreContract>, 'hot.sign'>;

/** The node's own wallet signs what it holds the keys of. */
export const hotHandlers = (effects: CompanionEffects): HotHandlers => ({
  'hot.sign': async ({ from, node, psbtFileBase64 }) => {
    const unsigned = decodePsbt(readPsbtFile(parseBase64(psbtFileBase64)));
    return withChain(effects, node, null, async (source) => {
      // Nodes read version 0 only; what goes back is in the version that came in.
      const signed = withNodeSignatures(unsigned, decodePsbt(await source.hotSign(from, encodePsbt(unsigned, { version: 0 }))));
      const transaction = extractTransaction(signed, (await source.status()).network);
      requirePlanned({ bytes: transaction.bytes }, unsigned);
      return { psbtBase64: toBase64(encodePsbt(signed)), txid: transaction.txid };
    });
  },
});
