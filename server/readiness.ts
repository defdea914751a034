import type { Words } from '../kernel/errors.ts';

/** Whether this controller may be given work, from how its parts are. */

/** One Asterisk. `frozen`: its line stands and it does not answer. */
export interface NodeState {
  readonly id: string;
  readonly state: 'up' | 'down' | 'frozen';
}

/** How the parts of one controller are, at one moment. */
export interface Parts {
  /** `active`: it decides; `standby`: it takes over when the active one is gone. */
  readonly role: 'active' | 'standby';
  /** The number of its lease, rising with each take-over; null: it holds none. */
  readonly epoch: number | null;
  /** At least one. */
  readonly nodes: readonly NodeState[];
  readonly redis: boolean;
  /** Calls whose last step is not written down yet. */
  readonly unwritten: number;
  /** The longest that the event loop was late within the last second. */
  readonly loopDelayMs: number;
  /** New callers are kept in the dialplan or sent on, because more come than can be taken. */
  readonly shedding: boolean;
  /** `off`: no database is configured; `away`: it cannot be reached or written to, or is not in use yet. */
  readonly tickets: 'off' | 'on' | 'away';
  /** Of so many calls nothing can be recorded at this moment. */
  readonly unrecorded: number;
}

export type ReasonCode =
  | 'no-node'
  | 'node-down'
  | 'node-frozen'
  | 'redis-down'
  | 'steps-unwritten'
  | 'event-loop-late'
  | 'shedding'
  | 'tickets-away'
  | 'not-recording';

export interface Reason {
  readonly code: ReasonCode;
  readonly words: Words;
}

export interface Readiness {
  /** `degraded`: calls are taken, and something is missing that staff should know of. */
  readonly status: 'ready' | 'degraded' | 'not-ready';
  readonly reasons: readonly Reason[];
}

/** With Redis there a step is written within milliseconds: so many at once mean that writing does not keep up. */
const MOST_UNWRITTEN = 100;
/** From here on people feel that a key is late. */
const MOST_LOOP_DELAY_MS = 200;

/**
 * Not ready: no Asterisk answers; or it stands by and could not take over, since the lease is in Redis. Everything else
 * that is wrong makes it degraded: callers are served all the same.
 */
export function readinessOf(parts: Parts): Readiness {
  const { role, nodes, redis, unwritten, loopDelayMs, shedding, tickets } = parts;
  const { unrecorded } = parts;
  const some = nodes.some(({ state }) => state === 'up');
  const reasons = [
    ...(some ? [] : [reason('no-node', '没有可用的 Asterisk', 'No Asterisk answers')]),
    ...nodes.flatMap(({ id, state }) => {
      if (state === 'down')
        return [reason('node-down', `与 Asterisk ${id} 的连接中断`, `Asterisk ${id} is away`)];
      if (state === 'frozen')
        return [reason('node-frozen', `Asterisk ${id} 无响应`, `Asterisk ${id} does not answer`)];
      return [];
    }),
    ...(redis
      ? []
      : [
          reason(
            'redis-down',
            'Redis 不可用，呼叫照常，步骤稍后补写',
            'Redis is away: calls go on, steps are written later',
          ),
        ]),
    ...(redis && unwritten > MOST_UNWRITTEN
      ? [
          reason(
            'steps-unwritten',
            `${unwritten} 个呼叫的步骤尚未写入`,
            `The steps of ${unwritten} calls are not written yet`,
          ),
        ]
      : []),
    ...(loopDelayMs > MOST_LOOP_DELAY_MS
      ? [
          reason(
            'event-loop-late',
            `控制器响应慢 ${Math.round(loopDelayMs)} 毫秒`,
            `The controller is ${Math.round(loopDelayMs)} ms late`,
          ),
        ]
      : []),
    ...(shedding
      ? [
          reason(
            'shedding',
            '来话过多，部分来电在交换机上等候',
            'Too many calls come: some wait in the switch',
          ),
        ]
      : []),
    ...(tickets === 'away'
      ? [
          reason(
            'tickets-away',
            '工单数据库不可用，通话照常，工单稍后补建',
            'The database of tickets is away: calls go on, tickets are made later',
          ),
        ]
      : []),
    ...(unrecorded > 0
      ? [
          reason(
            'not-recording',
            `${unrecorded} 个通话录音中断，通话照常，系统正在重试`,
            `Nothing can be recorded of ${unrecorded} calls: they go on, it is tried again`,
          ),
        ]
      : []),
  ];
  const cannot = !some || (role === 'standby' && !redis);
  return { status: cannot ? 'not-ready' : reasons.length > 0 ? 'degraded' : 'ready', reasons };
}

const reason = (code: ReasonCode, zh: string, en: string): Reason => ({ code, words: { zh, en } });
