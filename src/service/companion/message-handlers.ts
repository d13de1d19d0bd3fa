import { readPsbtFile } from '../../airgap/psbt-file.ts';
import { parseBase64, toBase64 } from '../../domain/bytes.ts';
import type { companionCoreContract } from '../../host/companion-contract.ts';
import type { Handlers } from '../../host/contract.ts';
import { decodePsbt } from '../../psbt/codec/decode.ts';
import { encodePsbt } from '../../psbt/codec/encode.ts';
import { mergeMessagePsbts, messageSignatureText } from '../../psbt/messages/message-psbt.ts';
import { createAddressDeriver } from '../../wallet/address.ts';
import { parseWalletFile } from '../../wallet/dialects/strongroom.ts';
import { messageVerified } from '../shared/message-handlers.ts';
import { branchOf } from '../shared/wallet-facts.ts';

type MessageHandlers = Pick<Handlers<typeof companionCoreContract>, 'message.finish' | 'message.verify'>;

export const messageHandlers = (): MessageHandlers => ({
  'message.finish': ({ wallet, branch, index, message, psbtFilesBase64 }) => {
    const deriver = createAddressDeriver(parseWalletFile(wallet));
    const derived = deriver.derive(branchOf(branch), index);
    const combined = mergeMessagePsbts(derived, message, psbtFilesBase64.map((file) => decodePsbt(readPsbtFile(parseBase64(file)))), deriver);
    const { signed, stillNeeded } = combined.quorum;
    return { address: derived.address, signed: [...signed], stillNeeded, signature: stillNeeded === 0 ? messageSignatureText(combined, deriver) : null, psbtBase64: toBase64(encodePsbt(combined.psbt)) };
  },
  'message.verify': messageVerified,
});
