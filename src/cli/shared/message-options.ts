import type { InferInput, InferOutput } from 'valibot';
import { networkNames } from '../../domain/network.ts';
import type { verifyMessage } from '../../host/message-wire.ts';
import { defineCommand, type CommandIo } from './command.ts';
import { required, withDefault } from './option.ts';
import { facts, table } from './text-layout.ts';
import type { TextStyle } from './text-style.ts';
import { choiceValue, inputFileValue, integerValue, textValue } from './value-kinds.ts';

/** Said by every command that reads a message. */
export const MESSAGE_NOTE = 'The message is the file\'s text; one line break at its end is not part of it.';

/** Which address of the wallet signs, and what. */
export const messagePlaceOptions = {
  branch: withDefault(choiceValue('BRANCH', ['receive', 'change']), 'receive', 'which of the wallet\'s two branches'),
  index: required(integerValue('NUMBER', 0, 999_999), 'the address\'s index'),
  'message-file': required(inputFileValue, 'a file with the message; - for standard input'),
};

/** The message of a file. */
export const messageOfText = (text: string): string => text.replace(/\r?\n$/, '');

type Verified = InferOutput<typeof verifyMessage.output>;

/** Exit 0 for a valid signature, 2 where a person must judge, 3 for an invalid one. */
const verifiedExit = ({ state }: Verified): { exit?: 2 | 3 } => (state === 'valid' ? {} : { exit: state === 'inconclusive' ? 2 : 3 });

const words: Readonly<Record<Verified['state'], string>> = {
  valid: 'VALID: the holders of this address signed this message.',
  invalid: 'INVALID: this is not a signature of this message by this address.',
  inconclusive: 'INCONCLUSIVE: the address has a script that is not judged here. Nothing is proven.',
};

function verifiedLines(verified: Verified, style: TextStyle): readonly string[] {
  return [
    style.bold(words[verified.state]),
    ...facts([['form', verified.form], ...(verified.locktime === 0 ? [] : [['valid from', `locktime ${verified.locktime}`] as const]), ...(verified.sequence === 0 ? [] : [['sequence', String(verified.sequence)] as const])]),
    ...(verified.funds.length === 0 ? [] : ['Outputs shown beside it; ask a node whether they are unspent:', ...table(verified.funds.map(({ outpoint, amountSats }) => [outpoint, `${amountSats} sats`]), [1], '  ')]),
  ];
}

/** `message verify`, the same in both editions but for whom they ask. */
export const verifyCommand = (ask: (io: CommandIo, input: InferInput<typeof verifyMessage.input>) => Promise<Verified>) => defineCommand({
  name: 'message verify',
  summary: 'Check a message\'s signature (BIP322)',
  notes: [MESSAGE_NOTE],
  positionals: {},
  options: {
    network: required(choiceValue('NETWORK', networkNames), 'the address\'s network'),
    address: required(textValue('ADDRESS'), 'the address that signed'),
    'message-file': messagePlaceOptions['message-file'],
    signature: required(textValue('BASE64'), 'the signature'),
  },
  async run({ network, address, signature, ...values }, io) {
    const verified = await ask(io, { network, address, message: messageOfText(await io.files.readText(values['message-file'])), signature });
    return { json: verified, lines: verifiedLines(verified, io.style), ...verifiedExit(verified) };
  },
});
