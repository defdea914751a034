import { createRoot } from 'react-dom/client';
import { startWords } from './state/language.ts';
import { createOwnPlace } from './state/own-place.ts';
import { createStaff } from './state/staff.ts';
import { ManagePage } from './views/manage/ManagePage.tsx';
import { commonWords } from './words/common.ts';
import { logInWords } from './words/log-in.ts';
import { manageWords } from './words/manage.ts';
import { phoneWords } from './words/phone.ts';
import { seatsWords } from './words/seats.ts';
import { staffWords } from './words/staff.ts';
import { superviseWords } from './words/supervise.ts';
import './views/tokens.css';
import './views/base.css';
import './views/common/common.css';

startWords(
  commonWords,
  logInWords,
  staffWords,
  seatsWords,
  phoneWords,
  manageWords,
  superviseWords,
);
const staff = createStaff('/manage');
const sound = document.getElementById('sound') as HTMLAudioElement;
const place = createOwnPlace(staff, sound);
createRoot(document.getElementById('page')!).render(<ManagePage staff={staff} place={place} />);
void staff.start();
