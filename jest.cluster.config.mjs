import jestConfig, { tier } from './jest.config.mjs';

/** Apart from the other tiers, so that `npm test` never touches the cluster that kubectl happens to point to. */
export default { ...jestConfig, projects: [tier('cluster', ['test/cluster'])] };
