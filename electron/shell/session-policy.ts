import { app, protocol, session, type Session } from 'electron';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CameraGate } from './camera-gate.ts';
import { heldAddressOf, heldContentType, originOf, pageFileOf, pageHeaders, SCHEME, type Edition, type HeldAddress } from './page-files.ts';

/**
 * Everything of Chromium that would speak to a network or leave traces on disk is switched off before it starts. The
 * Companion's own connections are made by its host process, never by its window, so both editions close the window alike.
 */
export function closeChromium(): void {
  app.enableSandbox();
  for (const name of ['disable-background-networking', 'disable-component-update', 'disable-domain-reliability', 'disable-sync', 'disable-quic', 'dns-prefetch-disable', 'no-pings', 'no-proxy-server', 'disable-breakpad']) {
    app.commandLine.appendSwitch(name);
  }
  // No name resolves, so that nothing that slips through the request filter finds an address.
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
  app.commandLine.appendSwitch('force-webrtc-ip-handling-policy', 'disable_non_proxied_udp');
  app.commandLine.appendSwitch('disable-features', 'MediaRouter,OptimizationHints,NetworkTimeServiceQuerying,CertificateTransparencyComponentUpdater,WebBluetooth');
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: false, corsEnabled: false, stream: false } }]);
}

/** What a session serves and permits besides the files of its page. */
export interface SessionParts {
  /** A document from the host's memory, or `null`. */
  readonly held: (address: HeldAddress) => string | null;
  readonly camera: CameraGate;
}

/** A session in memory only, which serves one edition's page and refuses everything else. */
export async function openLockedSession(edition: Edition, pageFolder: string, { held, camera }: SessionParts): Promise<Session> {
  // Without the prefix "persist:" a session leaves no cache, no storage and no cookie on disk.
  const locked = session.fromPartition(`strongroom-${edition}`, { cache: false });
  const own = `${originOf(edition)}/`;

  locked.webRequest.onBeforeRequest((details, callback) => callback({ cancel: !details.url.startsWith(own) && !isDeveloperTools(details.url) }));
  locked.setPermissionRequestHandler((contents, permission, callback, details) => callback(camera.grants(contents, permission, details)));
  locked.setPermissionCheckHandler((contents, permission, requestingOrigin, details) => camera.checks(contents, permission, requestingOrigin, details));
  locked.setDevicePermissionHandler(() => false);
  locked.setDisplayMediaRequestHandler((_request, callback) => callback({}));
  locked.setSpellCheckerEnabled(false);
  locked.on('will-download', (event) => event.preventDefault());
  locked.enableNetworkEmulation({ offline: true });
  await locked.setProxy({ mode: 'direct' });

  locked.protocol.handle(SCHEME, async (request) => {
    if (request.method !== 'GET') return notFound();
    const address = heldAddressOf(edition, request.url);
    if (address !== null) {
      const document = held(address);
      return document === null ? notFound() : new Response(document, { headers: pageHeaders(heldContentType(address.name)) });
    }
    const file = pageFileOf(edition, request.url);
    if (file === null) return notFound();
    try {
      return new Response(new Uint8Array(await readFile(join(pageFolder, file.path))), { headers: pageHeaders(file.contentType) });
    } catch {
      return notFound();
    }
  });
  return locked;
}

const notFound = (): Response => new Response('not found', { status: 404, headers: pageHeaders('text/plain; charset=utf-8') });

// A packaged application has no developer tools; in development they are pages of their own scheme in the same session.
const isDeveloperTools = (url: string): boolean => !app.isPackaged && url.startsWith('devtools://');
