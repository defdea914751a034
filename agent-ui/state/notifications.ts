import { useEffect, useState } from 'react';

type Permission = 'granted' | 'denied' | 'default' | 'none';

const now = (): Permission => ('Notification' in window ? Notification.permission : 'none');

/** Whether the computer may say that a call has come; asked for by a click. */
export function useNotifications(): { permission: Permission; ask(): void } {
  const [permission, setPermission] = useState(now);
  return {
    permission,
    ask: () => void Notification.requestPermission().then(() => setPermission(now())),
  };
}

/** Says so beside all windows, as long as this is true and nobody looks at the page. */
export function useNotification(is: boolean, title: string, body: string): void {
  useEffect(() => {
    if (!is || now() !== 'granted' || document.hasFocus()) return;
    const shown = new Notification(title, {
      body,
      tag: 'liandong-offer',
      requireInteraction: true,
    });
    shown.onclick = () => {
      window.focus();
      shown.close();
    };
    return () => shown.close();
  }, [is, title, body]);
}
