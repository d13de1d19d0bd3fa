import type { CommandIo } from '../shared/command.ts';
import { optional, type Values } from '../shared/option.ts';
import { inputFileValue } from '../shared/value-kinds.ts';

/** Longer texts of rolls are none. */
const ROLLS_CHARACTERS = 16_384;

/** What a person threw, drew or typed, in files. */
export const userEntropyOptions = {
  dice: optional(inputFileValue, 'rolls of a six-sided die, digits 1 to 6, in a file or on standard input (-)'),
  coins: optional(inputFileValue, 'coin flips, digits 0 and 1 or letters h and t, in a file or on standard input (-)'),
  cards: optional(inputFileValue, 'cards as they were drawn, such as AS TD 7H, in a file or on standard input (-)'),
  typed: optional(inputFileValue, 'characters typed without thinking, in a file or on standard input (-)'),
};

/** The texts of the files, empty where a source was not used. @throws StrongroomError `file.*` */
export async function readUserEntropy(io: CommandIo, values: Values<typeof userEntropyOptions>): Promise<Record<'dice' | 'coins' | 'cards' | 'typed', string>> {
  const text = async (file: string | undefined): Promise<string> => (file === undefined ? '' : io.files.readText(file, ROLLS_CHARACTERS));
  return { dice: await text(values.dice), coins: await text(values.coins), cards: await text(values.cards), typed: await text(values.typed) };
}
