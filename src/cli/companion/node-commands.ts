import { defineCommand } from '../shared/command.ts';
import { facts, table } from '../shared/text-layout.ts';
import { nodeOption, withCompanion } from './session.ts';

const stateWords = { agrees: 'agrees with the others', asked: 'answered', lagging: 'BEHIND THE OTHERS', disagrees: 'DISAGREES', unreachable: 'NOT REACHED', unasked: 'not asked' } as const;

/** One line for each of several nodes. */
export const sourceLines = (sources: readonly { readonly node: string; readonly state: keyof typeof stateWords; readonly height: number | null; readonly code: string | null }[]): string[] =>
  sources.length === 0 ? [] : ['', 'Nodes asked', ...table(sources.map(({ node, state, height, code }) => [node, height === null ? '' : String(height), stateWords[state], code ?? '']), [1], '  ')];

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
      ]).concat(sourceLines(status.sources ?? [])),
    };
  }),
});

export const nodeCommands = [check];
