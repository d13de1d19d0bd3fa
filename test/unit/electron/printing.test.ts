import { expect, test } from 'vitest';
import { printDocumentOf, printStylesOf } from '../../../electron/signer/print-page.ts';
import { printerFacts, type SystemPrinter } from '../../../electron/signer/printer-facts.ts';

const printer = (options: Readonly<Record<string, string>>, more: Partial<SystemPrinter> = {}) => printerFacts({ name: 'office', displayName: 'Office', description: 'by the door', options, ...more });

test('the printed document names its pictures in order and says nothing about them', () => {
  expect(printDocumentOf(['0.svg', '1.svg'])).toBe(
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Strongroom sheet</title>\n<link rel="stylesheet" href="print.css">\n</head>\n<body>\n<img src="0.svg" alt="">\n<img src="1.svg" alt="">\n</body>\n</html>\n',
  );
});

test('every picture fills its sheet of paper, without a margin and without an empty page behind the last', () => {
  expect(printStylesOf('a4')).toContain('@page { size: 210mm 297mm; margin: 0; }');
  expect(printStylesOf('a4')).toContain('width: 210mm; height: 297mm; break-after: page;');
  expect(printStylesOf('letter')).toContain('@page { size: 215.9mm 279.4mm; margin: 0; }');
  expect(printStylesOf('letter')).toContain('img:last-child { break-after: auto; }');
});

test.each([
  ['usb://HP/LaserJet?serial=1', 'cable'],
  ['ipp://localhost:60000/ipp/print', 'cable'],
  ['ipp://10.0.0.7/ipp/print', 'network'],
  ['ipps://printer.example/ipp', 'network'],
  ['dnssd://Office._ipp._tcp.local/', 'network'],
  ['socket://10.0.0.7:9100', 'network'],
  ['smb://server/printer', 'network'],
  ['ipp://localhost.example.org/ipp', 'network'],
  ['something:/else', 'unknown'],
  ['', 'unknown'],
] as const)('a printer at %s is reached by: %s', (device, connection) => {
  expect(printer({ 'device-uri': device }).connection).toBe(connection);
});

test('what the system tells of a printer is taken as text and cut', () => {
  expect(printer({ 'printer-location': 'Vault', 'printer-make-and-model': 'LaserJet' })).toEqual({ name: 'office', displayName: 'Office', isDefault: false, location: 'Vault', model: 'LaserJet', connection: 'unknown' });
  expect(printer({}, { displayName: '' })).toMatchObject({ displayName: 'office', location: 'by the door', model: '' });
  expect(printer({ 'printer-location': 'x'.repeat(1000) }).location.length).toBe(300);
  expect(printer({ 'printer-is-default': 'true' }).isDefault).toBe(true);
});
