import { defineCommand } from '../shared/command.ts';
import { facts } from '../shared/text-layout.ts';
import { nodeOption, withCompanion } from './session.ts';

const check = defineCommand({
  name: 'node check',
  summary: 'Ask the node for its chain and how far it is',
  notes: [],
  positionals: {},
  options: { node: nodeOption },
  run: (values, io) => withCompanion(io, undefined, async (call) => {
    const status = await call('node.check', { node: values.node });
    return {
      json: status,
      lines: facts([
        ['chain', `${status.chain} (${status.network})`], ['height', String(status.height)], ['headers', String(status.headers)],
        ['synced', status.synced ? 'yes' : 'NO: what it shows is not up to date'], ['pruned', status.pruned ? 'yes' : 'no'], ['version', status.version],
      ]),
    };
  }),
});

export const nodeCommands = [check];
