import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import type { ManagerRequestBody } from '../../telephony/call.ts';
import type { CallRecord } from '../../telephony/calls.ts';
import { refused } from '../../telephony/refusals.ts';
import { managedCall, managerOf } from '../managers.ts';
import { byOf } from '../names.ts';
import type { Wired } from '../wire.ts';
import { refusedBy } from './failures.ts';
import type { Asked, Operation } from './operation.ts';
import { How, ManagedCall, ManagerLogEntry } from './supervise-views.ts';

const nothing = z.object({}).loose();
const Supervise = z
  .object({
    how: How,
    whom: z.string().max(32).optional().openapi({
      description: 'Of several operators this seat; left out: the first.',
    }),
  })
  .openapi('Supervise');

/** So much of the log is shown. */
const SHOWN = 500;

/** 班长: what managers do to calls of others. */
export function superviseOperations(wired: Wired): Operation[] {
  const common = { tag: 'manager', by: 'manager' } as const;
  const verb = (
    path: string,
    summary: string,
    act: (call: string, asked: Asked) => void,
    body: z.ZodType = nothing,
  ): Operation => ({
    ...common,
    method: 'post',
    path: `/api/calls/{call}/${path}`,
    summary,
    body,
    answers: ManagedCall,
    handle: async (asked) => {
      const { call = '' } = asked.params;
      act(call, asked);
      // The orders go on their way before the answer is made.
      await setImmediate();
      return managedCall(wired, known(wired, call), asked.who?.id ?? '');
    },
  });
  const asks = (request: ManagerRequestBody) => (call: string, asked: Asked) =>
    void obeys(wired, call, request, asked);
  return [
    {
      ...common,
      method: 'get',
      path: '/api/calls/{call}/managed',
      summary: 'A call of others, with what this manager may do to it now',
      body: null,
      answers: ManagedCall,
      handle: ({ params, who }) =>
        managedCall(wired, known(wired, params.call ?? ''), who?.id ?? ''),
    },
    verb(
      'supervise',
      '监听 listen, 耳语 whisper or 强插 barge; begins or changes to it, and leaves another call for it',
      (call, asked) => supervises(wired, call, asked),
      Supervise,
    ),
    verb(
      'supervise/leave',
      'The manager leaves; the call goes on',
      asks({ type: 'endSupervising' }),
    ),
    verb(
      'take-over',
      '拦截: he talks with her from now on, the operator is released',
      (call, asked) => takesOver(wired, call, asked),
    ),
    verb('end', '强拆: the call ends', asks({ type: 'endCall' })),
    verb('dismiss-help', '求助已阅: the request for help is seen', asks({ type: 'dismissHelp' })),
    {
      ...common,
      method: 'get',
      path: '/api/manager-log',
      summary: `What managers did to operators and calls, the newest ${SHOWN} first`,
      body: null,
      answers: z.array(ManagerLogEntry),
      handle: async (): Promise<ManagerLogEntry[]> => {
        const acts = await wired.managerLog.read(SHOWN);
        return acts.map((act) => ({ ...act, by: byOf(wired, act.by) }));
      },
    },
  ];
}

function obeys(
  wired: Wired,
  call: string,
  request: ManagerRequestBody,
  { who }: Asked,
): CallRecord {
  const by = managerOf(wired, who?.id ?? '', known(wired, call).call);
  return wired.calls.manage(call, { ...request, by });
}

/** He is with one call at a time; the one that he is with is left when the other may be had. */
function supervises(wired: Wired, call: string, asked: Asked): void {
  const { calls } = wired;
  const request = { type: 'supervise', ...(asked.body as z.infer<typeof Supervise>) } as const;
  const by = managerOf(wired, asked.who?.id ?? '', known(wired, call).call);
  const other = by.place && calls.ofSeat(by.place.seat);
  if (other && other.call.id !== call) {
    const why = calls.wouldRefuseManager(known(wired, call).call, { ...request, by });
    if (why) throw why;
    if (other.call.supervisor?.seat !== by.place?.seat) throw refusedBy('in-call-elsewhere');
    obeys(wired, other.call.id, { type: 'endSupervising' }, asked);
  }
  obeys(wired, call, request, asked);
}

function takesOver(wired: Wired, call: string, asked: Asked): void {
  const { call: now } = known(wired, call);
  const by = managerOf(wired, asked.who?.id ?? '', now);
  const first = now.stage === 'talking' && now.supervisor === null && by.place?.line === 'browser';
  if (first) supervises(wired, call, { ...asked, body: { how: 'listen' } });
  obeys(wired, call, { type: 'takeOver' }, asked);
}

function known(wired: Wired, call: string): CallRecord {
  const record = wired.calls.get(call);
  if (!record) throw refused('unknown-call');
  return record;
}
