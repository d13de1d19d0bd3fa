import type { WireError } from '../../../src/host/contract.ts';
import { readShelf, type SignerContext } from '../context.ts';
import type { CreatedKey } from './ceremony-state.ts';

/**
 * Puts a new key and the record of its making onto the shelf, and leaves the key open.
 * @returns what went wrong, or `null`
 */
export async function keepKey(context: SignerContext, key: CreatedKey): Promise<WireError | null> {
  const { keyFileBase64, suggestedName, recordName: _, ...facts } = key;
  const reply = await context.host['shelf.add-key']({ name: suggestedName, keyFileBase64, entropyRecord: key.entropyRecord });
  if (!reply.ok) return reply.error;
  await readShelf(context);
  context.session.send({ type: 'unlocked', key: { fileName: reply.value.name, facts } });
  context.keys.send({ type: 'done', fileName: reply.value.name });
  return null;
}
