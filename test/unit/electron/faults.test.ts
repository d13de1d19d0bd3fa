import { expect, test, vi } from 'vitest';
import { StrongroomError } from '../../../src/errors/strongroom-error.ts';

vi.mock('electron', () => ({ app: {}, dialog: {} }));
const { faultForPeople } = await import('../../../electron/shell/faults.ts');

test('what has a name is told by its name when the program ends of it', () => {
  const fault = new StrongroomError('curve.file-changed', 'The file was changed.', {}, 'Install it again.');
  expect(faultForPeople(fault)).toBe('The file was changed.\n\nInstall it again.\n\n[curve.file-changed]');
});

test('of any other fault people are told nothing from inside', () => {
  for (const fault of [new Error('abandon abandon about'), 'abandon abandon about', null]) {
    expect(faultForPeople(fault)).toMatch(/fault of its own/);
    expect(faultForPeople(fault)).not.toContain('abandon');
  }
});
