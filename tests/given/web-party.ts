import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { GivenAsterisk } from './asterisk.ts';
import { SipMessage } from './sip-message.ts';

/** A browser's SIP over WebSocket without the browser: it can ring and give its password. */
export async function aWebParty(
  asterisk: GivenAsterisk,
  user: string,
  secret: string,
  from = user,
) {
  const socket = new WebSocket(`${asterisk.httpUrl.replace('http', 'ws')}/ws`, 'sip');
  await once(socket, 'open');
  const callId = randomBytes(8).toString('hex');
  const md5 = (text: string) => createHash('md5').update(text).digest('hex');
  let final: (status: number) => void = () => undefined;
  const answered = new Promise<number>((resolve) => (final = resolve));
  let number = '';
  let extra: readonly string[] = [];

  const send = (method: string, count: number, lines: readonly string[], body = '') =>
    socket.send(
      [
        `${method} sip:${number}@127.0.0.1 SIP/2.0`,
        `Via: SIP/2.0/WS party.invalid;branch=z9hG4bK${callId}${count}`,
        'Max-Forwards: 70',
        `From: <sip:${from}@127.0.0.1>;tag=${callId}`,
        `To: <sip:${number}@127.0.0.1>`,
        `Call-ID: ${callId}`,
        `CSeq: ${count} ${method}`,
        `Contact: <sip:${user}@party.invalid;transport=ws>`,
        ...lines,
        ...(body ? ['Content-Type: application/sdp'] : []),
        `Content-Length: ${Buffer.byteLength(body)}`,
        '',
        body,
      ].join('\r\n'),
    );
  const credentials = (challenge: string): string => {
    const part = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? '';
    const uri = `sip:${number}@127.0.0.1`;
    const ours = md5(`${user}:${part('realm')}:${secret}`);
    const response = md5(`${ours}:${part('nonce')}:00000001:c:auth:${md5(`INVITE:${uri}`)}`);
    return (
      `Authorization: Digest username="${user}", realm="${part('realm')}", nonce="${part('nonce')}", ` +
      `uri="${uri}", response="${response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="c", ` +
      `opaque="${part('opaque')}"`
    );
  };
  socket.on('message', (data) => {
    const message = new SipMessage(String(data));
    if (message.status < 200 || message.method !== 'INVITE') return;
    const count = Number(message.header('CSeq')?.split(' ')[0]);
    send('ACK', count, []);
    const challenge = message.headers('WWW-Authenticate').find((text) => /MD5/i.test(text));
    if (message.status === 401 && count === 1 && challenge) {
      send('INVITE', 2, [...extra, credentials(challenge)], offer);
    } else final(message.status);
  });
  return {
    async invites(called: string, headers: readonly string[] = []) {
      number = called;
      extra = headers;
      send('INVITE', 1, extra, offer);
    },
    answer: () => answered,
    leaves: () => socket.terminate(),
  };
}

/** What a browser would offer, as far as Asterisk asks. */
const offer = `${[
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0',
  'm=audio 9 UDP/TLS/RTP/SAVPF 8',
  'c=IN IP4 127.0.0.1',
  'a=mid:0',
  'a=rtpmap:8 PCMA/8000',
  'a=rtcp-mux',
  'a=sendrecv',
  'a=setup:actpass',
  'a=ice-ufrag:abcd',
  'a=ice-pwd:abcdefghijklmnopqrstuvwx',
  `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
  'a=candidate:1 1 udp 2113937151 127.0.0.1 9 typ host',
].join('\r\n')}\r\n`;
