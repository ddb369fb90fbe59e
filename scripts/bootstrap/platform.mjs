import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './setup-error.mjs';

const MIB = 1024 * 1024;
const NODE_PACKAGES_MIB = 1300;
const PYTHON_MIB = 1100;
const OLDEST_GLIBC = 28;

/** Refuses machines for which there are no binaries of the servers and of the model engine. */
export function checkPlatform({ platform, arch, nodeVersion, glibc } = thisMachine()) {
  const [major, minor] = nodeVersion.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new SetupError(
      'node_too_old',
      `Node.js ${nodeVersion} is too old: 20.19 or newer is needed to install the rest.`,
    );
  }
  if (platform !== 'linux' || !['x64', 'arm64'].includes(arch)) {
    throw new SetupError(
      'platform_unsupported',
      `${platform} on ${arch} is not supported: Linux on x64 or arm64 is needed.`,
    );
  }
  if (glibc === undefined || Number(glibc.split('.')[1]) < OLDEST_GLIBC) {
    const found = glibc === undefined ? 'another C library (musl?)' : `glibc ${glibc}`;
    throw new SetupError(
      'platform_unsupported',
      `This Linux has ${found}; glibc 2.${OLDEST_GLIBC} or newer is needed (Debian 10, Ubuntu 20.04, RHEL 8 or newer; not Alpine).`,
    );
  }
}

function thisMachine() {
  process.report.excludeNetwork = true;
  const glibc = process.report.getReport().header.glibcVersionRuntime;
  return { platform: process.platform, arch: process.arch, nodeVersion: process.versions.node, glibc };
}

/** Refuses, before anything is changed, a folder that cannot be written or a disk without the room that is still needed. */
export function checkFolder(root) {
  try {
    accessSync(root, constants.W_OK);
  } catch {
    throw new SetupError(
      'no_write_right',
      `${root} may not be written by the present user. Clone into a folder of your own, or change its owner.`,
    );
  }
  const neededMib =
    (existsSync(join(root, 'node_modules')) ? 0 : NODE_PACKAGES_MIB) +
    (existsSync(join(root, '.venv')) ? 0 : PYTHON_MIB);
  const { bavail, bsize } = statfsSync(root);
  const freeMib = Math.floor((bavail * bsize) / MIB);
  if (freeMib >= neededMib) return;
  throw new SetupError(
    'disk_full',
    `The disk of ${root} has ${freeMib} MiB free, the installation needs about ${neededMib} MiB. Free some and run the command again.`,
  );
}
