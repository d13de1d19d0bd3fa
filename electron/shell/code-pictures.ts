import { chosenFiles } from './file-dialogs.ts';
import type { Shell } from './start-edition.ts';

interface Reader {
  readonly inFrame: (picture: { readonly width: number; readonly height: number; readonly luma: Uint8Array }) => Promise<readonly string[]>;
  readonly inPicture: (file: Uint8Array) => Promise<readonly string[]>;
}

/** Where codes are looked for: in what the page's camera sees, and in pictures that a person chooses in the host's dialog. */
export const codePictures = (shell: Shell, reader: Reader) => ({
  textsInView: reader.inFrame,
  async textsInChosenPictures(): Promise<readonly string[] | null> {
    const files = await chosenFiles(shell, { kind: 'picture', several: true });
    const texts: string[] = [];
    for (const { bytes } of files) texts.push(...await reader.inPicture(bytes));
    return files.length === 0 ? null : texts;
  },
});
