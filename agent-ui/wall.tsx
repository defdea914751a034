import { createRoot } from 'react-dom/client';
import { startWords } from './state/language.ts';
import { createStaff } from './state/staff.ts';
import { WallPage } from './views/wall/WallPage.tsx';
import { commonWords } from './words/common.ts';
import { logInWords } from './words/log-in.ts';
import { seatsWords } from './words/seats.ts';
import { staffWords } from './words/staff.ts';
import { wallWords } from './words/wall.ts';
import './views/tokens.css';
import './views/base.css';
import './views/common/common.css';

startWords(commonWords, logInWords, staffWords, seatsWords, wallWords);
const staff = createStaff('/wall');
createRoot(document.getElementById('page')!).render(<WallPage staff={staff} />);
void staff.start();
