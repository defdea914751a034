import { createRoot } from 'react-dom/client';
import { startWords } from './state/language.ts';
import { createStaff } from './state/staff.ts';
import { EmergencyPage } from './views/emergency/EmergencyPage.tsx';
import { commonWords } from './words/common.ts';
import { logInWords } from './words/log-in.ts';
import { emergencyWords } from './words/emergency.ts';
import { staffWords } from './words/staff.ts';
import './views/tokens.css';
import './views/base.css';
import './views/common/common.css';

startWords(commonWords, logInWords, staffWords, emergencyWords);
const staff = createStaff('/emergency');
createRoot(document.getElementById('page')!).render(<EmergencyPage staff={staff} />);
void staff.start();
