import type { ChildCrash, SupervisedChild } from './supervised-child';
import type { Executables } from './executables';

/** Where and how a server of the local stack is started. */
export interface ServerOptions {
  /** Folder of the server's data, password, log and process id; two servers of one kind need two homes. */
  readonly home: string;
  readonly executables: Executables;
  /** A free port by default; give the port of an earlier run to bring the server back under the same URL. */
  readonly port?: number;
  readonly onCrash?: (crash: ChildCrash) => void;
}

/** A running server of the local stack; restarted under the same URL when it ends by itself. */
export interface EmbeddedServer {
  /** With user and password. */
  readonly url: string;
  readonly port: number;
  readonly child: SupervisedChild;
}

/** The environment of a server process: nothing of the starter's secrets. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LANG: 'C.UTF-8', TZ: 'UTC' };
}
