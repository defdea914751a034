import { lazy } from 'react';
import type { ComponentType, LazyExoticComponent } from 'react';

/** A part of the page that is fetched when it is shown; where it is not there any more the rest of the page goes on. */
export const late = <Props extends object>(
  load: () => Promise<{ readonly default: ComponentType<Props> }>,
): LazyExoticComponent<ComponentType<Props>> =>
  lazy(() => load().catch(() => ({ default: nothing as ComponentType<Props> })));

const nothing = () => null;
