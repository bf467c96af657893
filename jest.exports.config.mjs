import jestConfig, { tier } from './jest.config.mjs';

/** Apart from the other tiers: the exports are made by Python packages, which test/exports/install.sh installs. */
export default { ...jestConfig, projects: [tier('exports', ['test/exports'])] };
