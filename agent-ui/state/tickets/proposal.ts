import type { Diversion } from '../../../server/http/diversion-views.ts';
import { createStore } from '../store.ts';

/** What the diversion list says of the matter that is being typed: shown beside the keys, which stay as they are. */
export const proposal = createStore<{ readonly said: Diversion['proposal'] }>({ said: null });
