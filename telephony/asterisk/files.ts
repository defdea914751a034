import { baseFiles, conf } from './base-files.ts';
import { extensions } from './extensions-conf.ts';
import { pjsip } from './pjsip-conf.ts';
import { check, SORRY, WORD, type AsteriskPlan } from './plan.ts';

/**
 * The configuration files of one Asterisk, name -> text.
 *
 * A call is offered as a `CallBroadcast`, which the application must claim (docs/decisions/0007); before Asterisk 22.10
 * it just arrives. It does so with these arguments:
 * - `call, trunk, dialled number, presentation of the number (CALLERID num-pres),` then in base64
 *   `Diversion, User-to-User, History-Info, Call-Info`; empty where absent, headers of one name
 *   joined by newlines. `)` stands there as `%29`.
 * - `seat, endpoint` (see `seatEndpoint`)
 * @throws TypeError when a value could be taken for something else in a file of Asterisk
 */
export function asteriskFiles(plan: AsteriskPlan): Record<string, string> {
  check(plan);
  return {
    ...baseFiles({
      httpAddress: plan.hosts.http,
      httpPort: plan.ports.http,
      rtpFrom: plan.ports.rtpFrom,
      rtpTo: plan.ports.rtpTo,
      media: plan.hosts.sip.startsWith('127.')
        ? { address: plan.hosts.sip, insteadOf: plan.ownAddresses }
        : null,
    }),
    ...(plan.node === '' ? {} : { 'asterisk.conf': conf('[options]', `systemname=${plan.node}`) }),
    'ari.conf': conf(
      '[general]',
      'enabled=yes',
      'websocket_write_timeout=5000',
      `[${plan.ari.user}]`,
      'type=user',
      `password=${plan.ari.password}`,
      'password_format=plain',
    ),
    'musiconhold.conf': conf(
      '[general]',
      '[music]',
      'mode=files',
      `directory=${plan.musicDirs.music}`,
      ...afterWords(plan, WORD, 'please-wait'),
      ...afterWords(plan, SORRY, 'sorry-try-later'),
      '[ringback]',
      'mode=files',
      `directory=${plan.musicDirs.ringback}`,
    ),
    'pjsip.conf': pjsip(plan),
    'extensions.conf': extensions(plan),
  };
}

const afterWords = ({ soundsDir, music }: AsteriskPlan, name: string, prompt: string): string[] => [
  `[${name}]`,
  'mode=playlist',
  ...[`${soundsDir}/${prompt}`, ...music].map((file) => `entry=${file}`),
];
