declare const __STRONGROOM_VERSION__: string | undefined;

/** The program's version; set when the bundle is made. */
export const VERSION: string = typeof __STRONGROOM_VERSION__ === 'string' ? __STRONGROOM_VERSION__ : '0.0.0-source';
