import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const sources = globSync('renderer/**/*.{ts,tsx}').map((path) => [path, readFileSync(path, 'utf8')] as const);
const styles = globSync('renderer/styles/*.css').map((path) => [path, readFileSync(path, 'utf8')] as const);
const holding = (files: readonly (readonly [string, string])[], pattern: RegExp): string[] => files.filter(([, text]) => pattern.test(text)).map(([path]) => path);

test('no view writes markup from text or sets a style attribute, which the content security policy would block', () => {
  expect(sources.length).toBeGreaterThan(40);
  expect(holding(sources, /dangerouslySetInnerHTML|innerHTML|outerHTML|insertAdjacentHTML|document\.write|\sstyle=[{"]/)).toEqual([]);
});

test('the window asks its host and nothing else: no network, no clipboard, no storage', () => {
  expect(holding(sources, /\bfetch\(|XMLHttpRequest|WebSocket|EventSource|navigator\.(clipboard|sendBeacon)|localStorage|sessionStorage|indexedDB/)).toEqual([]);
});

test('no button submits a form, so that Enter in a field cannot sign or send', () => {
  expect(holding(sources, /<form[\s>]|type="submit"/)).toEqual([]);
  const buttons = sources.flatMap(([path, text]) => [...text.matchAll(/<button\s[^>]*>/gs)].map((match) => [path, match[0]] as const));
  expect(buttons.length).toBeGreaterThan(3);
  expect(buttons.filter(([, tag]) => !tag.includes('type="button"'))).toEqual([]);
});

test('styles load nothing and hold no colour outside tokens.css, but shadows', () => {
  expect(holding(styles, /url\(|https?:/)).toEqual([]);
  const colours = styles.filter(([path]) => !path.endsWith('tokens.css')).flatMap(([path, text]) => [...text.matchAll(/#[0-9a-fA-F]{3,8}\b|rgb\([^)]*\)|hsl\([^)]*\)/g)].map((match) => `${path}: ${match[0]}`));
  expect(colours).toEqual(['renderer/styles/controls.css: rgb(0 0 0 / 30%)', 'renderer/styles/controls.css: rgb(0 0 0 / 40%)']);
});
