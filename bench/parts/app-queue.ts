import { conf } from '../../telephony/asterisk/base-files.ts';
import { seatEndpoint } from '../../telephony/asterisk/plan.ts';

type Files = Readonly<Record<string, string>>;

export interface AppQueue {
  /** The number dialled on a trunk; its callers are answered and wait, as ours are. */
  readonly number: string;
  readonly seats: readonly string[];
  readonly ringSeconds: number;
}

/**
 * Asterisk's own queues beside ours, on the same trunks and phones, set as fast as they go: retry 1 is the least
 * (below that Asterisk takes its default of 5), autofill serves several callers at once, no announcements, no
 * wrap-up. rrmemory goes on to the next seat; leastrecent would offer to the one who has just not answered again.
 */
export function withAppQueues(files: Files, queues: readonly AppQueue[]): Files {
  const has = (name: string) => files[name] ?? '';
  return {
    ...files,
    'modules.conf': `${has('modules.conf')}load=app_queue.so\n`,
    'queues.conf': [
      conf('[general]', 'persistentmembers=no', 'autofill=yes'),
      ...queues.map(settings),
    ].join('\n'),
    'extensions.conf':
      has('extensions.conf') +
      conf(
        '[from-trunk](+)',
        ...queues.flatMap(({ number }) => [
          `exten => ${number},1,Answer()`,
          ` same => n,Queue(${queueName(number)})`,
        ]),
      ),
  };
}

const queueName = (number: string): string => `peer-${number}`;

const settings = ({ number, seats, ringSeconds }: AppQueue): string =>
  conf(
    `[${queueName(number)}]`,
    'musicclass=music',
    'strategy=rrmemory',
    `timeout=${ringSeconds}`,
    'retry=1',
    'timeoutpriority=conf',
    'timeoutrestart=no',
    'autofill=yes',
    'wrapuptime=0',
    'ringinuse=no',
    'autopause=no',
    'joinempty=yes',
    'leavewhenempty=no',
    'announce-frequency=0',
    'announce-position=no',
    'announce-holdtime=no',
    ...seats.map((seat) => `member => PJSIP/${seatEndpoint(seat)}`),
  );
