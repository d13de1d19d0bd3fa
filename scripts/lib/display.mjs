import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';

/**
 * A virtual display of its own, so that tests neither need nor disturb a desktop.
 * @param as runs it as the user that the windows run as
 * @returns `{ name, close() }`, the name for DISPLAY
 */
export async function startDisplay(as, { size = '1600x1000x24' } = {}) {
  if (process.getuid?.() === 0) {
    // Only root may make the folder of the sockets in a way that X accepts.
    mkdirSync('/tmp/.X11-unix', { recursive: true, mode: 0o1777 });
  }
  const [name, args] = as.command('Xvfb', ['-displayfd', '3', '-screen', '0', size, '-nolisten', 'tcp', '-noreset']);
  /** @type {any} */
  const server = spawn(name, args, { env: as.environment, stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  let complaint = '';
  server.stderr.on('data', (data) => {
    complaint = `${complaint}${data}`.slice(-2000);
  });
  const number = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`The virtual display did not start: ${complaint}`)), 20_000);
    server.on('error', reject);
    server.on('exit', () => reject(new Error(`The virtual display ended: ${complaint}`)));
    server.stdio[3].once('data', (data) => {
      clearTimeout(timer);
      resolve(String(data).trim());
    });
  });
  server.removeAllListeners('exit');
  return { name: `:${number}`, close: () => server.kill() };
}
