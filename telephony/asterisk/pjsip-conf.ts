import { isIP } from 'node:net';
import type { Trunk } from '../trunk.ts';
import { conf } from './base-files.ts';
import {
  CITIZEN_ENDPOINT,
  PRACTICE,
  practiceNumbers,
  seatEndpoint,
  type AsteriskPlan,
} from './plan.ts';

export function pjsip(plan: AsteriskPlan): string {
  const bound = bracketed(plan.hosts.sip);
  return [
    section('global', 'global', {
      user_agent: 'Liandong',
      // By address alone a trunk on 127.0.0.1 would swallow every browser behind a local proxy.
      endpoint_identifier_order: 'username,ip,auth_username,anonymous',
      ignore_uri_user_options: 'yes',
      taskprocessor_overload_trigger: 'pjsip_only',
      unidentified_request_count: 5,
      unidentified_request_period: 5,
      unidentified_request_prune_interval: 30,
    }),
    section('system', 'system', {}),
    section('udp', 'transport', { protocol: 'udp', bind: `${bound}:${plan.ports.sip}` }),
    section('tcp', 'transport', { protocol: 'tcp', bind: `${bound}:${plan.ports.sip}` }),
    section('ws', 'transport', { protocol: 'ws', bind: bound }),
    ...plan.trunks.map((trunk) => trunkSections(trunk, plan)),
    ...practiceSections(plan),
    ...plan.seats.map((seat) => seatSections(seat, plan)),
    plan.citizens ? citizenSections(plan.citizens.secret, plan) : '',
  ].join('\n');
}

/**
 * What all parties have in common: the voice goes through us, A-law first. No rtp_timeout: a gateway that
 * suppresses silence sends nothing while a citizen listens, and she must not be dropped for it.
 */
const media = (plan: AsteriskPlan): Record<string, string> => ({
  disallow: 'all',
  direct_media: 'no',
  rtp_symmetric: 'yes',
  // By REFER anybody could send the other side to any number, past the controller.
  allow_transfer: 'no',
  ...(isWildcard(plan.hosts.sip)
    ? {}
    : { media_address: plan.hosts.sip, bind_rtp_to_media_address: 'yes' }),
});

function trunkSections(trunk: Trunk, plan: AsteriskPlan): string {
  const practice = trunk.address.host === PRACTICE;
  const to = practice
    ? { host: ownAddress(plan), port: plan.ports.sip }
    : { host: bracketed(trunk.address.host), port: trunk.address.port };
  return [
    section(trunk.name, 'endpoint', {
      transport: 'udp',
      context: 'from-trunk',
      aors: trunk.name,
      identify_by: 'ip',
      ...media(plan),
      allow: 'alaw,ulaw',
      allow_overlap: 'no',
      // P-Asserted-Identity, Privacy, Diversion and History-Info are written by the controller:
      // Asterisk itself tells only the last who passed the citizen on, and shows one number in From and PAI.
      send_pai: 'no',
      trust_id_inbound: yes(trunk.trusted),
      trust_id_outbound: yes(trunk.emergency),
      send_diversion: 'no',
      send_history_info: 'no',
    }),
    section(trunk.name, 'aor', {
      contact: `sip:${to.host}:${to.port}`,
      // Asterisk sends no INVITE to a dead address, so that the next route is tried at once and not after 32 s.
      qualify_frequency: practice ? 0 : trunk.qualifySeconds,
    }),
    practice || trunk.sources.length === 0
      ? ''
      : section(trunk.name, 'identify', {
          endpoint: trunk.name,
          match: trunk.sources.join(','),
        }),
  ].join('\n');
}

/** What Asterisk sends to itself comes in here. */
function practiceSections(plan: AsteriskPlan): string[] {
  if (practiceNumbers(plan).length === 0) return [];
  return [
    section('practice-peers', 'endpoint', {
      transport: 'udp',
      context: 'practice-peers',
      identify_by: 'ip',
      ...media(plan),
      allow: 'alaw,ulaw',
      allow_overlap: 'no',
      trust_id_inbound: 'yes',
    }),
    section('practice-peers', 'identify', {
      endpoint: 'practice-peers',
      match: `${ownAddress(plan)}:${plan.ports.sip}`,
    }),
  ];
}

/**
 * A browser sends sound all the time, even while its microphone is muted. One that was killed sends no BYE, and Asterisk
 * does not end a call because its WebSocket is gone: its citizen would hear silence, and it would be offered others.
 */
const BROWSER_SILENT_SECONDS = 4;

function seatSections(
  { id, line, secret }: AsteriskPlan['seats'][number],
  plan: AsteriskPlan,
): string {
  const name = seatEndpoint(id);
  const how: Record<string, string | number> =
    line === 'browser'
      ? {
          webrtc: 'yes',
          transport: 'ws',
          context: 'seats',
          allow: 'alaw,opus,ulaw',
          rtp_timeout: BROWSER_SILENT_SECONDS,
        }
      : {
          transport: 'udp',
          context: 'phones',
          allow: 'alaw,ulaw',
        };
  return [
    section(name, 'endpoint', {
      ...media(plan),
      ...how,
      aors: name,
      auth: name,
      identify_by: 'username,auth_username',
    }),
    section(name, 'auth', { auth_type: 'digest', username: name, password: secret }),
    section(name, 'aor', { max_contacts: 1, remove_existing: 'yes' }),
  ].join('\n');
}

function citizenSections(secret: string, plan: AsteriskPlan): string {
  return [
    section(CITIZEN_ENDPOINT, 'endpoint', {
      ...media(plan),
      webrtc: 'yes',
      transport: 'ws',
      context: 'from-citizens',
      allow: 'alaw,opus,ulaw',
      auth: CITIZEN_ENDPOINT,
      identify_by: 'username,auth_username',
      allow_overlap: 'no',
    }),
    section(CITIZEN_ENDPOINT, 'auth', {
      auth_type: 'digest',
      username: CITIZEN_ENDPOINT,
      password: secret,
    }),
  ].join('\n');
}

const section = (
  name: string,
  type: string,
  settings: Readonly<Record<string, string | number>>,
): string =>
  conf(
    `[${name}]`,
    `type=${type}`,
    ...Object.entries(settings).map(([key, value]) => `${key}=${value}`),
  );

const yes = (value: boolean): string => (value ? 'yes' : 'no');
const bracketed = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host);
const isWildcard = (host: string): boolean => host === '0.0.0.0' || host === '::';

/** Where Asterisk reaches itself. */
const ownAddress = (plan: AsteriskPlan): string =>
  isWildcard(plan.hosts.sip) ? '127.0.0.1' : bracketed(plan.hosts.sip);
