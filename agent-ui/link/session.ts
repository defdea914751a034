import type { MeView } from '../../server/http/views.ts';
import { get, post } from './rest.ts';

export const whoAmI = () => get<MeView>('/api/me');

/** Whether it is a seat, a person or a site is found out by the server. */
export async function logIn(account: string, password: string): Promise<MeView> {
  await post('/api/log-in', { account, password });
  return whoAmI();
}

export const logOut = () => post('/api/log-out');
