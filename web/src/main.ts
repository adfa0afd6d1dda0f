import './style/tokens.css';
import './style/base.css';

import { mount } from 'svelte';

import App from './App.svelte';
import Unsupported from './screens/Unsupported.svelte';
import { missing } from './core/supported';
import { followTheme } from './core/theme';

followTheme();

const target = document.getElementById('app') as HTMLElement;
const lacks = missing();
if (lacks.length > 0) mount(Unsupported, { target, props: { lacks } });
else mount(App, { target });
