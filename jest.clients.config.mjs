import jestConfig, { tier } from './jest.config.mjs';

/** Apart from the other tiers: the clients are Python packages, which test/clients/install.sh installs. */
export default { ...jestConfig, projects: [tier('clients', ['test/clients'])] };
