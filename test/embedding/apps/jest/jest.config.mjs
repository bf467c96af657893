export default { testMatch: ['<rootDir>/*.test.{cjs,mjs}'], transform: {}, moduleFileExtensions: ['js', 'mjs', 'cjs'] };
