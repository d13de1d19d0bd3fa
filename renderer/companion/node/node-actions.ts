import type { CompanionContext } from '../context.ts';
import { storedSettings } from '../session.ts';
import { nodeUrlOf } from './node-state.ts';

/** Asks the node or nodes of the form who they are; what answers is kept in the settings. */
export async function checkNode(context: CompanionContext): Promise<void> {
  const { host, node, session } = context;
  const { hotWallet, ...addresses } = node.state.value;
  const asked = nodeUrlOf(addresses);
  if (asked === null) return;
  const settings = { node: asked, hotWallet: hotWallet.trim() === '' ? null : hotWallet.trim() };
  node.send({ type: 'checking' });
  const reply = await host['node.check']({ node: asked });
  if (!reply.ok) return node.send({ type: 'failed', error: reply.error });
  const written = await host['settings.write'](storedSettings(settings));
  if (!written.ok) return node.send({ type: 'failed', error: written.error });
  session.send({ type: 'settings-written', settings });
  session.send({ type: 'node-answered', node: reply.value });
  node.send({ type: 'answered' });
}
