import { createRoot } from 'react-dom/client';
import { createCitizen } from './state/citizen.ts';
import { CitizenPage } from './views/citizen/CitizenPage.tsx';
import { startWords } from './state/language.ts';
import { citizenWords } from './words/citizen.ts';
import { commonWords } from './words/common.ts';
import { phoneWords } from './words/phone.ts';
import './views/tokens.css';
import './views/base.css';
import './views/citizen/citizen.css';

startWords(commonWords, phoneWords, citizenWords);
const sound = document.getElementById('sound') as HTMLAudioElement;
const citizen = createCitizen(sound);
createRoot(document.getElementById('page')!).render(<CitizenPage citizen={citizen} />);
void citizen.start();
