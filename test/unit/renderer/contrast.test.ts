import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/** Colours by token of each block of tokens.css: light, dark by the system, dark by choice. */
function paletteOf(block: 'light' | 'dark-system' | 'dark-chosen'): ReadonlyMap<string, string> {
  const css = readFileSync('renderer/styles/tokens.css', 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  const [light, system, chosen] = [/^:root\s*\{([^}]*)\}/m, /@media[^{]*\{\s*:root[^{]*\{([^}]*)\}/, /^:root\[data-appearance="dark"\]\s*\{([^}]*)\}/m].map((pattern) => pattern.exec(css)?.[1]);
  const read = (text: string | undefined): [string, string][] => [...(text ?? '').matchAll(/--([a-z-]+):\s*(#[0-9a-f]{6})/g)].map((match) => [match[1] as string, match[2] as string]);
  const dark = block === 'dark-system' ? read(system) : read(chosen);
  return new Map(block === 'light' ? read(light) : [...read(light), ...dark]);
}

/** Relative luminance (WCAG 2.2, "relative luminance"). */
function luminance(hex: string): number {
  const channel = (start: number): number => {
    const value = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const grounds = ['canvas', 'surface', 'selected'];
const texts = ['text', 'muted', 'signer', 'companion', 'danger', 'caution', 'verified'];
const textPairs = [
  ...texts.flatMap((text) => grounds.map((ground) => [text, ground] as const)),
  ['on-accent', 'signer'], ['on-accent', 'companion'],
  ['signer-band-text', 'signer-band'], ['companion-band-text', 'companion-band'],
  ['network-band-text', 'network-band'], ['network-band-text', 'network-stripe'],
  ['ink', 'paper'],
] as const;
// A control's edge, the ring of focus, and the filled shapes that carry meaning beside words.
const edgePairs = ['control', 'focus', 'signer', 'companion', 'verified', 'caution', 'danger'].flatMap((edge) => ['canvas', 'surface'].map((ground) => [edge, ground] as const));

describe.each(['light', 'dark-system', 'dark-chosen'] as const)('%s', (block) => {
  const palette = paletteOf(block);
  const colour = (token: string): string => {
    const found = palette.get(token);
    if (found === undefined) throw new Error(`tokens.css has no --${token}`);
    return found;
  };
  test.each(textPairs)('text %s on %s has 4.5:1 or more', (text, ground) => {
    expect(contrast(colour(text), colour(ground))).toBeGreaterThanOrEqual(4.5);
  });
  test.each(edgePairs)('edge %s on %s has 3:1 or more', (edge, ground) => {
    expect(contrast(colour(edge), colour(ground))).toBeGreaterThanOrEqual(3);
  });
});

test('dark by choice is dark by system: one palette, written twice', () => {
  expect([...paletteOf('dark-chosen')]).toEqual([...paletteOf('dark-system')]);
});

test('the design\'s colours stand in tokens.css as they were settled', () => {
  const light = paletteOf('light');
  const dark = paletteOf('dark-system');
  const both = (token: string): string[] => [light.get(token) ?? '', dark.get(token) ?? ''];
  expect([both('canvas'), both('surface'), both('text'), both('muted')]).toEqual([['#f6f6f3', '#121316'], ['#ffffff', '#1a1c20'], ['#17181a', '#f2f3f4'], ['#565a60', '#a6abb3']]);
  expect([both('signer'), both('companion'), both('danger'), both('caution'), both('verified')]).toEqual([['#4a3aa7', '#b6aaff'], ['#0b6572', '#5ccbd8'], ['#b3201f', '#ff938a'], ['#7a4e00', '#f2b84b'], ['#1b6a3a', '#6fd394']]);
  expect([light.get('signer-band'), light.get('companion-band'), light.get('companion-band-text')]).toEqual(['#2b1f5c', '#cdebee', '#06363c']);
});
