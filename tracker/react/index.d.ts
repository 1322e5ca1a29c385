import type { Options, Tracker } from '@millrace/tracker';
import type { ReactElement, ReactNode } from 'react';

/** What components may do; the provider starts and owns the rest. */
export type TrackerHandle = Pick<Tracker, 'track' | 'pageView' | 'identify'> & {
  /** Changes what the visitor allows. Before the tracker has started it answers undefined. */
  consent(...args: Parameters<Tracker['consent']>): ReturnType<Tracker['consent']> | undefined;
};

/** Starts the tracker in the browser; `options` count when it is first mounted. */
export function TrackerProvider(props: { options: Options; children?: ReactNode }): ReactElement;

/** The tracker of the provider above. */
export function useTracker(): TrackerHandle;
