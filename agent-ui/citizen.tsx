import { createRoot } from 'react-dom/client';
import { createCitizen } from './state/citizen.ts';
import { CitizenPage } from './views/citizen/CitizenPage.tsx';
import './views/tokens.css';
import './views/base.css';
import './views/citizen/citizen.css';

const sound = document.getElementById('sound') as HTMLAudioElement;
const citizen = createCitizen(sound);
createRoot(document.getElementById('page')!).render(<CitizenPage citizen={citizen} />);
void citizen.start();
