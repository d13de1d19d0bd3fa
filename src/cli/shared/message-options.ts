import type { verifyMessage } from '../../host/message-wire.ts';
import type { InferOutput } from 'valibot';
import { required, withDefault } from './option.ts';
import { facts, table } from './text-layout.ts';
import type { TextStyle } from './text-style.ts';
import { choiceValue, inputFileValue, integerValue } from './value-kinds.ts';

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
export const verifiedExit = ({ state }: Verified): { exit?: 2 | 3 } => (state === 'valid' ? {} : { exit: state === 'inconclusive' ? 2 : 3 });

const words: Readonly<Record<Verified['state'], string>> = {
  valid: 'VALID: the holders of this address signed this message.',
  invalid: 'INVALID: this is not a signature of this message by this address.',
  inconclusive: 'INCONCLUSIVE: the address has a script that is not judged here. Nothing is proven.',
};

export function verifiedLines(verified: Verified, style: TextStyle): readonly string[] {
  return [
    style.bold(words[verified.state]),
    ...facts([['form', verified.form], ...(verified.locktime === 0 ? [] : [['valid from', `locktime ${verified.locktime}`] as const]), ...(verified.sequence === 0 ? [] : [['sequence', String(verified.sequence)] as const])]),
    ...(verified.funds.length === 0 ? [] : ['Outputs shown beside it; ask a node whether they are unspent:', ...table(verified.funds.map(({ outpoint, amountSats }) => [outpoint, `${amountSats} sats`]), [1], '  ')]),
  ];
}
