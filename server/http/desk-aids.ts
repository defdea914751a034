import { z } from 'zod';
import { commands } from '../commands.ts';
import { targetsOf } from '../targets.ts';
import type { Wired } from '../wire.ts';
import type { Operation } from './operation.ts';
import { CommandView, TargetView } from './views.ts';

/** What a desk's page needs beside the desk itself. */
export const deskAids = (wired: Wired): Operation[] => [
  {
    method: 'get',
    path: '/api/commands',
    tag: 'seat',
    summary: 'What keys of the keyboard can be put on, with those suggested',
    body: null,
    answers: z.array(CommandView),
    handle: () => commands,
  },
  {
    method: 'get',
    path: '/api/targets',
    tag: 'seat',
    summary:
      'To whom calls can be handed, and how each is now; event `targets` tells when it changes',
    body: null,
    answers: z.array(TargetView),
    handle: () => targetsOf(wired),
  },
];
