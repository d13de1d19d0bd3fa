import type { InferInput } from 'valibot';
import type { Printer } from '../../src/host/paper-wire.ts';

/** A printer as the runtime hands it over. */
export interface SystemPrinter {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  /** What the print service says besides, by its own names. */
  readonly options?: unknown;
}

/** Ways to reach a printer, by the beginning of its device's address. @see CUPS, "Printer Sharing" and its backends */
const connections: Readonly<Record<string, 'cable' | 'network'>> = {
  usb: 'cable', hp: 'cable', parallel: 'cable', serial: 'cable', file: 'cable',
  ipp: 'network', ipps: 'network', http: 'network', https: 'network', lpd: 'network', socket: 'network', smb: 'network', dnssd: 'network', implicitclass: 'network', bluetooth: 'network', beh: 'network',
};

/** What the system says of a printer. Its name and place are what somebody once wrote there. */
export function printerFacts({ name, displayName, description, options }: SystemPrinter): InferInput<typeof Printer> {
  const told = (options ?? {}) as Readonly<Record<string, unknown>>;
  const text = (key: string): string => (typeof told[key] === 'string' ? (told[key] as string).slice(0, 300) : '');
  const device = text('device-uri');
  // A printer that speaks IPP over its USB cable has an address on this machine itself.
  const isLocal = /^ipps?:\/\/(localhost|127\.0\.0\.1|\[::1\])[:/]/.test(device);
  return {
    name,
    displayName: displayName === '' ? name : displayName,
    // Newer runtimes do not tell which printer is the default.
    isDefault: told['printer-is-default'] === 'true',
    location: text('printer-location') === '' ? description.slice(0, 300) : text('printer-location'),
    model: text('printer-make-and-model'),
    connection: isLocal ? 'cable' : (connections[/^[a-z]+/.exec(device)?.[0] ?? ''] ?? 'unknown'),
  };
}
