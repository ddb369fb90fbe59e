import { specGroup } from '../spec-group';

specGroup('spec', 9);
