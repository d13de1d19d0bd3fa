import type { PassphraseCharacters } from './restore-state.ts';

type Character = PassphraseCharacters[number];

/** What a person must know of one character. */
export function remarksOn(character: Character): readonly string[] {
  return [
    ...(character.edgeBlank ? ['a blank at the edge'] : []),
    ...(character.invisible ? ['cannot be seen'] : []),
    ...(character.combining ? ['joins the character before it'] : []),
    ...(character.nonAscii ? ['not on every keyboard'] : []),
    ...(character.normalised ? ['BIP39 keeps it in another form'] : []),
  ];
}

const places = (characters: readonly Character[]): string => `${characters.length === 1 ? 'place' : 'places'} ${characters.map((character) => character.position).join(', ')}`;

/** What a person must know of the whole, most dangerous first. */
export function passphraseWarnings(characters: PassphraseCharacters): readonly string[] {
  const edge = characters.filter((character) => character.edgeBlank);
  const unseen = characters.filter((character) => character.invisible && !character.edgeBlank);
  const foreign = characters.filter((character) => character.nonAscii && !character.invisible);
  return [
    ...(edge.length > 0 ? [`A blank at its beginning or end (${places(edge)}): it counts, and is easily lost in writing down.`] : []),
    ...(unseen.length > 0 ? [`Characters that no screen shows (${places(unseen)}): they often come with copied text, and count.`] : []),
    ...(foreign.length > 0 ? [`Characters outside ASCII (${places(foreign)}): another keyboard may make them differently, or not at all.`] : []),
  ];
}
