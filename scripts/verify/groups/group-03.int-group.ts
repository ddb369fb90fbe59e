import { specGroup } from '../spec-group';

specGroup('int-spec', 3);
