import type { CompanionContext } from '../context.ts';

/** Asks the node of the form who it is; what answers is kept in the settings. */
export async function checkNode(context: CompanionContext): Promise<void> {
  const { host, node, session } = context;
  const { url, hotWallet } = node.state.value;
  const settings = { node: url.trim(), hotWallet: hotWallet.trim() === '' ? null : hotWallet.trim() };
  node.send({ type: 'checking' });
  const reply = await host['node.check']({ node: settings.node });
  if (!reply.ok) return node.send({ type: 'failed', error: reply.error });
  const written = await host['settings.write'](settings);
  if (!written.ok) return node.send({ type: 'failed', error: written.error });
  session.send({ type: 'settings-written', settings });
  session.send({ type: 'node-answered', node: reply.value });
  node.send({ type: 'answered' });
}
