import type { WebContents } from 'electron';

/** What Electron tells of a request for a permission, as far as it is looked at. */
export interface PermissionDetails {
  readonly isMainFrame?: boolean;
  readonly requestingUrl?: string;
  readonly securityOrigin?: string;
  readonly mediaTypes?: readonly string[];
  readonly mediaType?: string;
}

/**
 * Whether the window may use a camera now. It may only while a person scans: the page says so first, and whatever takes the
 * person away takes the permission too. A camera that runs is stopped by the page; this is what keeps it from being started.
 */
export interface CameraGate {
  use(on: boolean): void;
  /** Asked when a page wants to start a camera. */
  grants(contents: WebContents | null, permission: string, details: PermissionDetails): boolean;
  /** Asked before, and when a page wants to know the cameras' names. */
  checks(contents: WebContents | null, permission: string, requestingOrigin: string, details: PermissionDetails): boolean;
}

/** @param page the one page that may ask, `null` while there is none @param origin its origin, without a slash */
export function createCameraGate(page: () => WebContents | null, origin: string): CameraGate {
  let isOn = false;
  const isOwn = (address: string | undefined): boolean => address === origin || address?.startsWith(`${origin}/`) === true;
  const isPage = (contents: WebContents | null): boolean => contents !== null && contents === page() && isOwn(contents.getURL());
  return {
    use(on) {
      isOn = on;
    },
    grants(contents, permission, details) {
      const onlyVideo = details.mediaTypes?.length === 1 && details.mediaTypes[0] === 'video';
      return isOn && permission === 'media' && onlyVideo && details.isMainFrame === true && isOwn(details.requestingUrl) && isPage(contents);
    },
    checks(contents, permission, requestingOrigin, details) {
      return isOn && permission === 'media' && details.mediaType === 'video' && details.isMainFrame === true && isOwn(requestingOrigin) && isPage(contents);
    },
  };
}
