import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { seatEndpoint } from '../../telephony/asterisk/plan.ts';
import { SIP_PORT } from '../../tests/given/wire.ts';

const headers = { 'content-type': 'application/json' };

/** Logs a seat in (its password is its number); returns the cookie. */
export async function logIn(url: string, seat: string): Promise<string> {
  const body = JSON.stringify({ seat, password: seat });
  const reply = await fetch(`${url}/api/log-in`, { method: 'POST', headers, body });
  const cookie = reply.headers.get('set-cookie')?.split(';')[0];
  if (reply.status !== 204 || !cookie) throw new Error(`${seat} cannot log in: ${reply.status}`);
  return cookie;
}

export async function isReady(url: string, cookie: string): Promise<void> {
  const asked = { method: 'POST', headers: { ...headers, cookie }, body: '{}' };
  const reply = await fetch(`${url}/api/seat/ready`, asked);
  await reply.text();
  if (reply.status !== 200) throw new Error(`A seat is not made ready: ${reply.status}`);
}

/** The page's live events of one seat, brought over the wire and thrown away. */
export async function openDesk(url: string, cookie: string): Promise<Socket> {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const lines = ['GET /api/events HTTP/1.1', `Host: ${host}`, `Cookie: ${cookie}`, '', ''];
  socket.write(lines.join('\r\n'));
  await once(socket, 'data');
  socket.resume();
  return socket;
}

/** pjsip.conf with the phones of these seats at one address: Asterisk knows where they are, they need not register. */
export function phonesAt(pjsip: string, seats: readonly string[], ip: string): string {
  return seats.reduce((text, id) => {
    const aor = `[${seatEndpoint(id)}]\ntype=aor\n`;
    if (!text.includes(aor)) throw new Error(`no aor of ${id} in pjsip.conf`);
    return text.replace(aor, `${aor}contact=sip:${seatEndpoint(id)}@${ip}:${SIP_PORT}\n`);
  }, pjsip);
}
