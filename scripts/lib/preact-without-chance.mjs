import { readFileSync } from 'node:fs';

/**
 * Preact names two properties of its own with an ending drawn by `Math.random()`, so that two copies of it in one page keep
 * apart. Here is one copy, and a Signer that holds no `Math.random` at all is a Signer in which nobody has to ask what for.
 * A release of Preact that draws otherwise fails the build.
 * @throws Error when the draw is not where it was
 */
export function withoutChance(text, path) {
  const parts = text.split('Math.random()');
  if (parts.length !== 2 || !parts[1].startsWith('.toString(8)')) throw new Error(`${path}: Math.random() is not where it was. Read the package again before it goes into a bundle.`);
  return parts.join('(0)');
}

/** @type {import('esbuild').Plugin} */
export const preactWithoutChance = {
  name: 'preact-without-chance',
  setup(context) {
    context.onLoad({ filter: /[\\/]node_modules[\\/]preact[\\/]dist[\\/]preact(\.module)?\.(js|mjs)$/ }, ({ path }) => ({ contents: withoutChance(readFileSync(path, 'utf8'), path), loader: 'js' }));
  },
};
