import type { InferOutput } from 'valibot';
import type { KnownFileKind } from '../../src/domain/known-file.ts';
import type { filesContract } from '../../src/host/files-wire.ts';
import type { HostClient } from '../host/client.ts';

/** What files of the gap need of either edition's host. */
export type FilesHost = HostClient<typeof filesContract>;
export type FileList = InferOutput<(typeof filesContract)['files.list']['output']>;
export type ListedFile = FileList['handed'][number];
export type RefusedFile = FileList['refused'][number];
export type Drive = FileList['drives'][number];
export type { KnownFileKind };
