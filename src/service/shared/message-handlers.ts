import type { InferInput, InferOutput } from 'valibot';
import type { verifyMessage as wire } from '../../host/message-wire.ts';
import { verifyMessage } from '../../psbt/messages/verify-message.ts';

/** Whether a message was signed by an address's holders; the same in both editions. */
export function messageVerified({ network, address, message, signature }: InferOutput<typeof wire.input>): InferInput<typeof wire.output> {
  const { funds, ...verified } = verifyMessage(address.trim(), message, signature.trim(), network);
  return { ...verified, funds: funds.map(({ outpoint, amountSats }) => ({ outpoint, amountSats: String(amountSats) })) };
}
