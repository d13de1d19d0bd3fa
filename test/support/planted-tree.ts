import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** A copy of the sources in which a test may plant what must be refused. */
export interface PlantedTree {
  readonly folder: string;
  /** Writes a file, over one that is there. */
  plant(file: string, text: string): void;
  remove(): void;
}

const copied = ['src', 'electron', 'renderer', 'types', 'scripts', 'package.json', '.dependency-cruiser.mjs', 'tsconfig.base.json', 'tsconfig.core.json', 'tsconfig.node.json', 'tsconfig.electron.json', 'tsconfig.preload.json', 'tsconfig.renderer.json'];

export function plantedTree(): PlantedTree {
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-planted-'));
  for (const path of copied) cpSync(resolve(path), join(folder, path), { recursive: true });
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'), 'dir');
  return {
    folder,
    plant(file, text) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
