import type { InferInput, InferOutput } from 'valibot';
import type { command } from '../../src/host/contract.ts';
import type { framesContract } from '../../src/host/frames-wire.ts';
import type { CompanionHost, HostClient } from '../host/client.ts';

/** What codes need of either edition's host. */
export type FramesHost = HostClient<typeof framesContract> & Pick<CompanionHost, 'camera.use'>;

type Commands = typeof framesContract;
type Output<Name extends keyof Commands> = Commands[Name] extends ReturnType<typeof command> ? InferOutput<Commands[Name]['output']> : never;
type Input<Name extends keyof Commands> = Commands[Name] extends ReturnType<typeof command> ? InferInput<Commands[Name]['input']> : never;

export type OpenedSequence = Output<'frames.encode'>;
export type ScanReport = Output<'frames.scan'>;
export type Transfer = NonNullable<ScanReport['transfer']>;
export type CalibrationMark = Output<'frames.measure'>['marks'][number];
export type CodeSettings = Output<'frames.settings'>;
export type FrameReader = Input<'frames.encode'>['reader'];
export type FrameFormat = Output<'frames.encode'>['format'];
export type ContentKind = Output<'frames.result'>['kind'];
